import { openChat } from "./mod.ts";
const chat=await openChat({ephemeral:true,name:"p",listen:{host:"127.0.0.1",port:0},limits:{connectionsInMax:3000,handshakesMax:256,deadMs:1e6,pingMs:1e6}});
console.log(chat.listen[0]);
(async()=>{for await (const _ of chat.notices);})();
setInterval(()=>{},1000);
