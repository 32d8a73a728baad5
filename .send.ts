import { openChat } from "./mod.ts";
const N=Number(Deno.args[0]);
const chat=await openChat({data:Deno.args[2],name:"send",listen:false,peers:[Deno.args[1]!],limits:{stepInputsMax:Number(Deno.env.get("SI")??256)}});
let done=false;
(async()=>{ for await (const x of chat.notices) { if (x.type==="receipt" && chat.undelivered===0 && done) break; } })();
await new Promise(r=>setTimeout(r,500));
const text="x".repeat(100); const t=performance.now();
let i=0; const W=1024; const all:Promise<unknown>[]=[];
async function worker(){ while(i<N){ i++; await chat.say("lobby",text); } }
for(let k=0;k<W;k++) all.push(worker());
await Promise.all(all); const t1=performance.now(); done=true;
console.log(`say rate ${(N/(t1-t)*1000).toFixed(0)}/s`);
while(chat.undelivered>0) await new Promise(r=>setTimeout(r,10));
console.log(`all delivered ${(N/(performance.now()-t)*1000).toFixed(0)}/s rss ${(Deno.memoryUsage().rss/1048576)|0}`);
await chat.close();
