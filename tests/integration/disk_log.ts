/**
 * What a program has done to a folder, call by call with every byte, as strace writes it down;
 * and the folders that a loss of power can leave at any moment of it.
 *
 * The model of the disk: what a file held at its last fsync is there. Of what was written or cut
 * off since, any part may be, sector by sector and in any order. Names that were made, changed
 * or removed since the last fsync of the folder are there up to some point of their order.
 */

import type { Rng } from "../../peer/ports.ts";

/** A disk writes whole sectors. */
const sectorBytes = 512;

/** One call. */
export type DiskCall =
  | {
    readonly type: "write";
    readonly path: string;
    readonly at: number;
    readonly data: Uint8Array;
  }
  | { readonly type: "cut"; readonly path: string; readonly length: number }
  | { readonly type: "create" | "remove"; readonly path: string }
  | { readonly type: "move" | "link"; readonly path: string; readonly to: string }
  | { readonly type: "sync"; readonly path: string }
  /** Bytes written to standard output. */
  | { readonly type: "said"; readonly text: string };

/** The options of strace that {@linkcode readCalls} needs; then `-o`, a file, and the program. */
export const straceCommand: readonly string[] = [
  // The tracer is a grandchild, so that the process started is the program itself.
  ...["strace", "-D", "-f", "-y", "-xx", "-s", "1000000", "--seccomp-bpf", "-e"],
  "trace=openat,write,pwrite64,ftruncate,rename,renameat2,link,linkat,unlink,unlinkat,fsync,fdatasync",
];

/** Whether strace is here and may trace. */
export async function canTrace(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("strace", {
      args: ["-f", "--seccomp-bpf", "-o", "/dev/null", "true"],
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const text = new TextDecoder();

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex.replaceAll("\\x", ""));
}

/**
 * Whether strace has written down all of a run: the end of each thread that it has seen.
 *
 * @param log Its file's text so far.
 */
export function isComplete(log: string): boolean {
  const going = new Set<string>();
  for (
    const [, thread = "", end] of log.matchAll(/^(\d+) +(\+\+\+ (?:exited with|killed by))?/gm)
  ) {
    if (end === undefined) going.add(thread);
    else going.delete(thread);
  }
  return going.size === 0 && log.endsWith("+++\n");
}

/**
 * Reads what strace has written of one run.
 *
 * @param log Its file's text; every process of it has ended.
 * @param folder The folder of interest; calls on others are left out.
 */
export function readCalls(log: string, folder: string): DiskCall[] {
  const calls: DiskCall[] = [];
  /** Calls that another thread has interrupted, by thread: where they began, and how. */
  const begun = new Map<string, { readonly place: number; readonly head: string }>();
  const found: (DiskCall | null)[] = [];
  for (const line of log.split("\n")) {
    const [, thread, rest] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (thread === undefined || rest === undefined) continue;
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    if (rest.endsWith("<unfinished ...>")) {
      begun.set(thread, {
        place: found.push(null) - 1,
        head: rest.slice(0, -"<unfinished ...>".length).trimEnd(),
      });
    } else if (resumed !== null) {
      const start = begun.get(thread);
      if (start === undefined) continue;
      begun.delete(thread);
      const call = callOf(start.head + resumed[1], folder);
      // What was written may reach the disk from its beginning, what was synced is so at the end.
      if (call?.type === "sync") found.push(call);
      else found[start.place] = call;
    } else found.push(callOf(rest, folder));
  }
  for (const call of found) if (call !== null) calls.push(call);
  return calls;
}

function callOf(line: string, folder: string): DiskCall | null {
  const [, name, args, result] = /^(\w+)\((.*)\) += (-?\d+)/.exec(line) ?? [];
  if (name === undefined || args === undefined || Number(result) < 0) return null;
  const strings = [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map((found) => found[1]!);
  const inFolder = (path: string) =>
    path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
  const named = (index: number) => inFolder(text.decode(bytesOf(strings[index] ?? "")));
  const [, number, open] = /^(\d+)<((?:\\x[0-9a-f]{2})*)>/.exec(args) ?? [];
  const file = open === undefined ? "" : text.decode(bytesOf(open));
  const path = inFolder(file);
  const last = Number(/, (\d+)$/.exec(args)?.[1]);
  switch (name) {
    case "write":
      if (number === "1") return { type: "said", text: text.decode(bytesOf(strings[0]!)) };
      // Only small files are written so, once each and from their beginning.
      return path === null ? null : { type: "write", path, at: 0, data: bytesOf(strings[0]!) };
    case "pwrite64":
      return path === null ? null : { type: "write", path, at: last, data: bytesOf(strings[0]!) };
    case "ftruncate":
      return path === null ? null : { type: "cut", path, length: last };
    case "fsync":
    case "fdatasync":
      if (file === folder) return { type: "sync", path: "" };
      return path === null ? null : { type: "sync", path };
    case "openat": {
      const made = named(0);
      return made === null || !/O_CREAT/.test(args) ? null : { type: "create", path: made };
    }
    case "unlink":
    case "unlinkat": {
      const gone = named(0);
      return gone === null ? null : { type: "remove", path: gone };
    }
    default: {
      const [from, to] = [named(0), named(1)];
      if (from === null || to === null) return null;
      return { type: name.startsWith("rename") ? "move" : "link", path: from, to };
    }
  }
}

/** A file, whatever it is called. */
interface Content {
  /** What is on the disk for certain. */
  durable: Uint8Array;
  /** What was done to it since. */
  pending: (Extract<DiskCall, { type: "write" | "cut" }>)[];
}

/** A change of names. */
type Naming = (names: Map<string, Content>) => void;

/** A disk to which calls are made one by one, and which can lose power after any. */
export class Disk {
  /** Names that are on the disk for certain, as what the programs see, and the steps between. */
  #durable = new Map<string, Content>();
  readonly #seen = new Map<string, Content>();
  #pending: Naming[] = [];

  /** Makes a call. */
  perform(call: DiskCall): void {
    switch (call.type) {
      case "said":
        return;
      case "write":
      case "cut":
        this.#seen.get(call.path)?.pending.push(call);
        return;
      case "create": {
        if (this.#seen.has(call.path)) return;
        const content: Content = { durable: new Uint8Array(0), pending: [] };
        return this.#name((names) => names.set(call.path, content));
      }
      case "remove":
        return this.#name((names) => names.delete(call.path));
      case "move":
      case "link": {
        const content = this.#seen.get(call.path);
        if (content === undefined) return;
        return this.#name((names) => {
          names.set(call.to, content);
          if (call.type === "move") names.delete(call.path);
        });
      }
      case "sync": {
        if (call.path === "") {
          for (const step of this.#pending.splice(0)) step(this.#durable);
          return;
        }
        const content = this.#seen.get(call.path);
        if (content === undefined) return;
        content.durable = content.pending.reduce(
          (bytes, each) => applied(bytes, each),
          content.durable,
        );
        content.pending = [];
      }
    }
  }

  #name(step: Naming): void {
    step(this.#seen);
    this.#pending.push(step);
  }

  /** What is left of the folder if the power goes now: files by name. */
  afterPowerLoss(rng: Rng): Map<string, Uint8Array> {
    const names = new Map(this.#durable);
    const steps = Math.floor(rng.next() * (this.#pending.length + 1));
    for (const step of this.#pending.slice(0, steps)) step(names);
    // How much of what is not synced has come to the disk differs from one loss to the next.
    const share = [0, 0.1, 0.5, 0.9, 1][Math.floor(rng.next() * 5)]!;
    return new Map(
      [...names].map(([name, { durable, pending }]) => {
        let bytes = durable;
        for (const each of pending) {
          if (each.type === "cut") {
            if (rng.next() < share) bytes = applied(bytes, each);
            continue;
          }
          for (const piece of sectors(each)) if (rng.next() < share) bytes = applied(bytes, piece);
        }
        return [name, bytes];
      }),
    );
  }
}

type Write = Extract<DiskCall, { type: "write" }>;

function applied(bytes: Uint8Array, call: Write | Extract<DiskCall, { type: "cut" }>): Uint8Array {
  const end = call.type === "cut"
    ? call.length
    : Math.max(bytes.length, call.at + call.data.length);
  const result = new Uint8Array(end);
  result.set(bytes.subarray(0, end));
  if (call.type === "write") result.set(call.data, call.at);
  return result;
}

/** A write in pieces that the disk takes as wholes. */
function sectors({ type, path, at, data }: Write): Write[] {
  const pieces: Write[] = [];
  for (let from = 0; from < data.length;) {
    const to = Math.min(data.length, from + sectorBytes - (at + from) % sectorBytes);
    pieces.push({ type, path, at: at + from, data: data.subarray(from, to) });
    from = to;
  }
  return pieces;
}
