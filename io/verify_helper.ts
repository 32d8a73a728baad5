/** The program of a thread that helps to verify signatures (verify_together.ts). */

import { nodeCrypto } from "./crypto.ts";
import { Desk } from "./verify_desk.ts";

interface Post {
  onmessage: ((event: MessageEvent<SharedArrayBuffer>) => void) | null;
  close(): void;
}

const self = globalThis as unknown as Post;
self.onmessage = ({ data }) => {
  new Desk(data).serve(nodeCrypto().verify);
  self.close();
};
