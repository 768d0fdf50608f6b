// What --help says of the commands around people's decisions, apart from the code that does it: help is quick.

export const TOKEN_HELP = `
角色 Roles (沁政办发〔2021〕19号):
  office 县指挥部办公室          office-director 办公室主任（气象局局长）   emergency-director 应急管理局局长
  commander 指挥长               ecology-bureau 生态环境局                  township 乡镇（--unit 乡镇编码）
  enterprise 企业（--unit 企业编码） viewer 查看

示例 Examples:
  npx lantian token make --name 李明 --role commander
  npx lantian token make --name 郭村镇 --role township --unit guocun
  curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8080/api/v1/cases

输出 Prints the token on stdout, once: 库中只存其散列 only its hash is stored.
步骤见 docs/people.md. The steps are in docs/people.md.
`;

export const AUDIT_HELP = `
每条含前一条的散列：改动、插入、删除任何一条，其后即断。Each entry holds the hash of the one before: whatever is changed, put in or taken out breaks it.
末条散列请另处留存，下次以 --noted 核对。Note the last hash elsewhere and hand it in with --noted next time: that shows a chain made anew.
退出码 Exit codes: 0 完整 whole; 1 断开或无此散列 broken, or the hash is not in it; 2 用法或配置有误 wrong usage.
`;
