const l=Deno.listen({hostname:"127.0.0.1",port:0}); console.log(`127.0.0.1:${l.addr.port}`);
for(;;){ const c=await l.accept(); (async()=>{ for(;;){ const b=new Uint8Array(4096); const n=await c.read(b); if(n===null) break; } })(); }
