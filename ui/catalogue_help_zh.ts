/** Chinese: `--help` and `/help`. Loaded when somebody asks. Lines are at most 80 columns. */

import type { englishHelp } from "./catalogue_help_en.ts";

/** What `--help` prints. */
const commandLine = `\
Starling：没有服务器的聊天。

deno run -A mod.ts [选项]

  --peer <地址|邀请>     连接这个节点；可重复。ip:port、[v6]:port、host:port，
                         或邀请（同时打开它的房间）；- 表示从标准输入读一个
  --listen <[host:]port> 在哪里接受连接；默认所有地址的 9797，被占用则用下一个
                         空闲端口；指定的端口被占用则报错；0：任意空闲端口
  --no-listen            只连出，不监听
  --lan                  在本地网络上寻找别人，也让别人找到（默认不开）
  --name <名字>          显示的名字；会记住。首次在终端上运行时会问，
                         否则用登录名
  --room <房间>          要打开的房间（有管理者的用 ~ 加编号）；默认 lobby；
                         可重复
  --profile <档案>       用这台电脑上的哪个身份
  --data <目录>          一个身份及其历史所在的目录（代替档案）
  --ephemeral            不在磁盘上保存任何东西
  --passphrase[=change|remove]
                         询问口令来保护身份文件；换口令；去掉口令。没有终端时
                         取标准输入的第一行
  --ui <full|line|json>  默认：终端上为 full（TERM=dumb 时为 line），否则为 line
  --web[=端口]           在 127.0.0.1 上提供网页并打印链接；默认 9780，或下一个
                         空闲端口；0：任意空闲端口
  --web-open             同上，并在浏览器中打开
  --message <文本>       向第一个 --room 发一条消息，等别的成员收到后退出
  --linger <秒>          输入结束后，没有进展时为送达等多久；默认 5
  --stay                 输入结束后继续运行
  --log <文件>           诊断信息写到文件（全屏模式下只写到这里）
  --import <文件>        先读入导出的历史
  --export-identity <文件>，--import-identity <文件>
                         把身份搬到另一台机器（会询问口令来保护；同一时间只在
                         一台机器上使用）
  --lang <en|zh>         语言；默认取 /lang 的选择，其次取环境变量
  --color <auto|always|never>
                         默认 auto：在终端上用颜色，除非设了 NO_COLOR
  --config <文件>        JSON，键与选项相同，另有 "limits"；选项优先
  --help，--version

退出码：0 正常离开或已送达；1 无法运行；2 用法错误；3 没有别的成员及时收到；
130 第二次 Ctrl-C。

运行时：输入的行就是消息，/help 列出命令，/quit 离开。
`;

/** The Chinese help texts. */
export const chineseHelp: typeof englishHelp = {
  commandLine,
  commands: {
    help: ["/help [命令]", "这份列表，或一个命令的说明"],
    join: ["/join 房间", "打开房间，或切换到已打开的房间"],
    part: ["/part [房间]", "关闭房间"],
    more: ["/more [房间]", "取来房间里暂不取的消息，见通知"],
    rooms: ["/rooms", "已打开的房间；* 是你正在说话的"],
    who: ["/who [房间]", "谁在这里"],
    whois: ["/whois 名字", "叫这个名字的人的密钥、房间和地址"],
    me: ["/me 动作", "描述你的动作：/me 挥手"],
    nick: ["/nick 名字", "改名"],
    topic: ["/topic [文本]", "查看或设置话题"],
    reply: ["/reply [n] 文本", "回复倒数第 n 条，或别人的最后一条"],
    delete: ["/delete [n|id]", "撤回你的最后一条，或你的另一条"],
    msg: ["/msg 名字 文本", "只写给一个人"],
    query: ["/query 名字", "和一个人单独聊；/join 回到房间"],
    requests: ["/requests", "给你写过消息、你还不认识的人"],
    accept: ["/accept 名字", "显示某人写给你的消息"],
    verify: ["/verify 名字 [yes]", "核对用的数字；一致用 yes，撤销用 no，qr 画码"],
    petname: ["/petname 名字 = 文本", "只有你看得到的称呼；等号后留空则取消"],
    block: ["/block 名字", "不再显示某人的任何内容"],
    unblock: ["/unblock 名字", "重新显示某人"],
    room: ["/room new 名字 --owned|--private [--history]", "创建由你管理的房间"],
    announce: ["/announce 文字", "以管理者身份发公告"],
    admin: ["/admin 名字 [off]", "任命管理员，或取消"],
    remove: ["/remove 名字", "把某人移出这个房间，谁也看不到其后的发言"],
    readmit: ["/readmit 名字", "重新接纳"],
    close: ["/close [yes]", "为所有人永久关闭这个房间"],
    log: ["/log", "管理者在这个房间做过什么"],
    peers: ["/peers", "连接和已知地址，以及上次失败的原因"],
    net: ["/net", "别人能否连到你，不能时怎么办"],
    connect: ["/connect 地址", "连接 ip:port、[v6]:port 或 host:port，或接受邀请"],
    invite: ["/invite [房间] [选项]", "生成邀请，让朋友来到这个房间；选项见 --help"],
    disconnect: ["/disconnect 节点", "断开某个名字、密钥或地址的连接，不再重连"],
    reconnect: ["/reconnect [节点]", "立即重连正在等待的地址"],
    listen: ["/listen [port|off]", "别人在哪里连到你；换端口；停止监听"],
    last: ["/last [n]", "房间的最后 n 条消息"],
    search: ["/search 文字", "所有房间里包含全部这些词的消息"],
    info: ["/info n|id", "谁有这条消息，何时收到"],
    away: ["/away [原因]", "标记为暂离；不带原因：暂离，或回来"],
    mute: ["/mute [房间]", "在终端上不再为这个房间响铃或通知"],
    unmute: ["/unmute [房间]", "恢复提醒"],
    lang: ["/lang [en|zh]", "查看或切换语言"],
    set: ["/set [键 [值]]", "可以选择的：语言、颜色等"],
    clear: ["/clear", "清屏"],
    export: ["/export 文件", "把全部历史写入文件"],
    quit: ["/quit", "离开"],
  },
  footer: "以 // 开头的行会作为以斜杠开头的消息发出",
};
