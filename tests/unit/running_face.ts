/** A face that runs on a fake chat and a fake terminal, for the tests of the faces. */

// A face and its commands are loaded when they are used; loaded before, they are as quick as these
// tests expect.
import "string-width";
import "../../ui/catalogue_help_en.ts";
import "../../ui/catalogue_help_zh.ts";
import "../../ui/catalogue_zh.ts";
import "../../ui/invite_command.ts";
import "../../ui/invite_option.ts";
import "../../ui/line_mode.ts";
import "../../ui/ndjson.ts";
import "../../ui/perform.ts";
import "../../ui/perform_owned.ts";
import "../../ui/perform_private.ts";
import "../../ui/screen/open.ts";
import { type FaceOptions, runFace } from "../../ui/run_face.ts";
import { Preferences } from "../../ui/preferences.ts";
import { FakeChat } from "./fake_chat.ts";
import { FakeTerminal, settle } from "./fake_terminal.ts";

/** Preferences that nobody has changed: English and no colours, unless variables say otherwise. */
export function englishOnly(
  variables: Readonly<Record<string, string>> = { NO_COLOR: "1" },
): Preferences {
  const surroundings = { variable: (name: string) => variables[name], language: "en" };
  return new Preferences({ lang: null, color: null }, surroundings);
}

export interface Running {
  readonly chat: FakeChat;
  readonly terminal: FakeTerminal;
  readonly preferences: Preferences;
  /** The exit code, once the face has ended. */
  readonly code: Promise<number>;
  /** What standard output has got since the last look, as lines. */
  lines(): string[];
  /** Gives input and waits until nothing more happens. */
  type(...chunks: readonly (string | Uint8Array | null)[]): Promise<void>;
  /** Ends the run by a signal. */
  stop(): Promise<number>;
}

/** Starts a face; it has done all it can before input when this resolves. */
export async function running(
  options: Partial<FaceOptions> & { readonly welcome?: readonly string[] } = {},
  kind: { readonly in?: boolean; readonly out?: boolean } = {},
  prepare: (chat: FakeChat, terminal: FakeTerminal) => void = () => {},
  preferences: Preferences = englishOnly(),
): Promise<Running> {
  const chat = new FakeChat();
  const terminal = new FakeTerminal(kind);
  prepare(chat, terminal);
  const { welcome = [], ...given } = options;
  const whole: FaceOptions = {
    ui: null,
    rooms: ["lobby"],
    roomsNamed: false,
    message: null,
    lingerMs: 5_000,
    stay: false,
    ephemeral: false,
    ...given,
  };
  const code = runFace(chat, whole, terminal, preferences, welcome);
  await settle();
  let seen = 0;
  return {
    chat,
    terminal,
    preferences,
    code,
    lines() {
      const fresh = terminal.stdout.slice(seen);
      seen = terminal.stdout.length;
      return fresh.split("\n").slice(0, -1);
    },
    async type(...chunks) {
      terminal.type(...chunks);
      await settle();
    },
    async stop() {
      terminal.handler?.("terminate");
      return await code;
    },
  };
}
