const [h,p]=Deno.args[0]!.split(":"); const c=await Deno.connect({hostname:h!,port:Number(p)}); c.setNoDelay(); const b=new Uint8Array(4096), m=new Uint8Array(200); const l:number[]=[];
for(let i=0;i<200;i++){ const t=performance.now(); await c.write(m); await c.read(b); l.push(performance.now()-t); await new Promise(r=>setTimeout(r,20)); }
l.sort((a,b)=>a-b); console.log("tcp rtt p50",l[100]!.toFixed(3),"p99",l[198]!.toFixed(3)); Deno.exit();
