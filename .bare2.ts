import { Connection } from "./io/connection.ts"; import { Shell } from "./io/shell.ts"; import { defaultLimits } from "./wire/limits.ts";
const shell=new Shell({step:()=>[],deadlineMs:Infinity,handshakes:0,inbound:0},{append(){},remember(){},forget(){},rememberName(){},dial:()=>Promise.resolve({ok:false,reason:""}),notify(){},holds:()=>false,turned(){},log(){},failed(e){console.error(e)}},defaultLimits);
const l=Deno.listen({hostname:"127.0.0.1",port:0}); console.log(`127.0.0.1:${l.addr.port}`);
for(;;){ const c=await l.accept(); shell.adopt(c,"in","127.0.0.1:1"); }
