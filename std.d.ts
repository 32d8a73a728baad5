/**
 * Types of the parts of the standard library that Starling uses. The npm build behind the
 * import map has none; with the JSR packages in the map this file goes away.
 */

declare module "@std/assert" {
  export class AssertionError extends Error {}
  export function assert(expression: unknown, message?: string): asserts expression;
  export function assertEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertNotEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertStrictEquals<T>(
    actual: unknown,
    expected: T,
    message?: string,
  ): asserts actual is T;
  export function assertExists<T>(actual: T, message?: string): asserts actual is NonNullable<T>;
  export function assertMatch(actual: string, expected: RegExp, message?: string): void;
  export function assertStringIncludes(actual: string, expected: string, message?: string): void;
  export function assertGreater<T>(actual: T, expected: T, message?: string): void;
  export function assertGreaterOrEqual<T>(actual: T, expected: T, message?: string): void;
  export function assertLess<T>(actual: T, expected: T, message?: string): void;
  export function assertLessOrEqual<T>(actual: T, expected: T, message?: string): void;
  // deno-lint-ignore no-explicit-any -- a constructor of errors takes any arguments
  type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;
  export function assertThrows<E extends Error = Error>(
    fn: () => unknown,
    errorClass?: ErrorClass<E>,
    messageIncludes?: string,
    message?: string,
  ): E;
  export function assertRejects<E extends Error = Error>(
    fn: () => PromiseLike<unknown>,
    errorClass?: ErrorClass<E>,
    messageIncludes?: string,
    message?: string,
  ): Promise<E>;
  export function fail(message?: string): never;
}

declare module "@std/cli/parse-args" {
  export interface ParseArgsOptions {
    readonly string?: readonly string[];
    readonly boolean?: readonly string[];
    readonly collect?: readonly string[];
    readonly alias?: Readonly<Record<string, string>>;
    readonly stopEarly?: boolean;
    /** Called for each argument that no other option names; `false` drops it. */
    readonly unknown?: (argument: string, key?: string, value?: unknown) => unknown;
  }
  export interface ParsedArgs {
    readonly _: readonly (string | number)[];
    readonly [name: string]: unknown;
  }
  export function parseArgs(args: readonly string[], options?: ParseArgsOptions): ParsedArgs;
}

declare module "@std/cli/prompt-secret" {
  export interface PromptSecretOptions {
    readonly mask?: string;
    readonly clear?: boolean;
  }
  /** Asks on the terminal without showing what is typed; `null` if there is no terminal. */
  export function promptSecret(message?: string, options?: PromptSecretOptions): string | null;
}

declare module "@std/encoding/base64" {
  export function encodeBase64(source: string | Uint8Array | ArrayBuffer): string;
  export function decodeBase64(source: string): Uint8Array<ArrayBuffer>;
}
