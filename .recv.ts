import { openChat } from "./mod.ts";
const N=Number(Deno.args[0]); const dir=Deno.args[1];
const chat=await openChat({data:dir,name:"recv",listen:{host:"127.0.0.1",port:0},limits:{stepBytesMax:Number(Deno.env.get("SB")??32768),readAheadBytesMax:Number(Deno.env.get("RA")??65536)}});
console.log(chat.listen[0]);
let n=0, t0=0;
for await (const x of chat.notices) { if (x.type==="message" && x.post.origin!=="own") { if (n===0) t0=performance.now(); n++; if (n===N) { console.log(`recv rate ${(N/(performance.now()-t0)*1000).toFixed(0)}/s rss ${(Deno.memoryUsage().rss/1048576)|0}`); break; } } }
await chat.close();
