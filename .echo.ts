import { openChat } from "./mod.ts";
const chat=await openChat({data:"/dev/shm/b/e1",name:"echo",listen:{host:"127.0.0.1",port:0}}); console.log(chat.listen[0]);
for await (const n of chat.notices) if (n.type==="message" && n.post.origin==="live") chat.say("lobby",n.post.text);
