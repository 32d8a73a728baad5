import { noiseChannels } from "./wire/noise_channel.ts"; import { nodeCrypto } from "./io/crypto.ts"; import { createIdentity } from "./io/identity.ts";
const [addr,pid,count,mode]=Deno.args; const [h,p]=addr!.split(":"); const crypto=nodeCrypto(); 
const rss=()=>Number(/VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1])/1024;
const sleep=(ms:number)=>new Promise(r=>setTimeout(r,ms));
const conns:Deno.TcpConn[]=[];
async function one(){ const c=await Deno.connect({hostname:h!,port:Number(p)}); conns.push(c); if(mode==="bare") return;
 const id=createIdentity(crypto); const f=noiseChannels({peer:id.peer,link:id.link,binding:id.link.binding},crypto); const hs=f.initiate(); await c.write(hs.opening); const b=new Uint8Array(4096);
 for(;;){ const n=await c.read(b); if(n===null) throw new Error("closed"); const r=hs.receive(b.slice(0,n)); if(r.write.length) await c.write(r.write); if(r.channel) break; } }
for(let i=0;i<100;i+=20) await Promise.all(Array.from({length:20},one)); await sleep(1500); const r0=rss();
const t=performance.now();
for(let i=0;i<Number(count);i+=20) await Promise.all(Array.from({length:20},one)); const dt=performance.now()-t; await sleep(2500); const r1=rss();
console.log(mode, `per 100 links ${((r1-r0)/Number(count)*100).toFixed(2)} MiB (${r0.toFixed(0)} -> ${r1.toFixed(0)}), ${(dt/Number(count)).toFixed(2)} ms each`);
Deno.exit(0);
