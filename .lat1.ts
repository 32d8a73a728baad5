import { openChat } from "./mod.ts";
const a=await openChat({ephemeral:!Deno.args[0],...(Deno.args[0]?{data:"/tmp/bench/l1"}:{}),name:"a",listen:{host:"127.0.0.1",port:0}});
const t=performance.now(); for(let i=0;i<100;i++) await a.say("lobby","x"+i); console.log("say alone ms", ((performance.now()-t)/100).toFixed(3));
const l:number[]=[]; for(let i=0;i<50;i++){ const t=performance.now(); await a.say("lobby","y"+i); l.push(performance.now()-t); await new Promise(r=>setTimeout(r,20)); } l.sort((x,y)=>x-y); console.log("spaced say p50",l[25]!.toFixed(3),"p99",l[49]!.toFixed(3));
await a.close();
