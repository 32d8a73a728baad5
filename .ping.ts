import { openChat } from "./mod.ts";
const chat=await openChat({data:"/dev/shm/b/e2",name:"ping",listen:false,peers:[Deno.args[0]!]});
const it=chat.notices[Symbol.asyncIterator]();
await new Promise(r=>setTimeout(r,300));
const l:number[]=[]; const text="x".repeat(100);
for(let i=0;i<Number(Deno.args[1]??200);i++){ const t=performance.now(); chat.say("lobby",text+i); for(;;){ const n=await it.next(); if(!n.done && n.value.type==="message" && n.value.post.origin==="live" && n.value.post.text===text+i) break; } l.push(performance.now()-t); await new Promise(r=>setTimeout(r,20)); }
l.sort((a,b)=>a-b); console.log("starling rtt p50",l[l.length>>1]!.toFixed(3),"p99",l.at(-1)!.toFixed(3)); await chat.close();
