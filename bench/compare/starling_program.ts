/**
 * One Starling peer under the load of `load.ts`, on the library's public surface alone. Its
 * arguments are its number, how many others there are, its data folder, and a JSON object of
 * limits that differ from the defaults. Posts are signed and stored, as they always are.
 */

import { openChat } from "../../mod.ts";
import { Load } from "./load.ts";

const room = "lobby";

const [self = "", others = "", data = "", limits = "{}"] = Deno.args;
const load = new Load(Number(self), Number(others));
const chat = await openChat({
  data,
  name: `peer${self}`,
  rooms: [],
  limits: JSON.parse(limits) as Record<string, number>,
  listen: { host: "127.0.0.1", port: 0 },
});

(async () => {
  for await (const notice of chat.notices) {
    if (notice.type === "message" && notice.post.origin !== "own") load.heard(notice.post.text);
  }
})();

const linked = () =>
  new Set(chat.peers().filter(({ state }) => state === "up").map(({ peer }) => peer));

await load.serve({
  address: chat.listen[0] ?? "",
  say: (text) => chat.say(room, text),
  dial: (address) => chat.connect(address),
  enter: () => chat.join(room),
  linked: () => linked().size,
  links: () => {
    const others = linked();
    return chat.who(room).filter(({ from }) => others.has(from)).length;
  },
  copies: () => chat.net().rooms.reduce((sum, { copies }) => sum + copies, 0),
  about: () => chat.net().rooms[0] ?? {},
});
await chat.close();
