// What --help says of the broker's users, apart from the code that makes them: help is quick.

export const PASSWORDS_HELP = `
用户 Users (docs/deploy.md):
  站点编码 a station's id             只能发布本站主题 publishes its own topics, no others
  forecast                            发布各乡镇预报 publishes forecasts of all townships
  gateway.名称 gateway.NAME           代若干站点发布（broker.gateways） publishes for some stations
  enterprise.编码 enterprise.ID       只读本企业信号与公开预警 reads its own signals, and warnings
  ecology-bureau meteorology-bureau emergency-bureau    读全部信号 read all signals
  lantian health nodered              程序 programs

文件 Files (0600): passwords 散列 hashes; acl 权限 rights; broker-credentials.csv 新密码明文，分发后删除 new passwords in clear, to be
  handed out and deleted. 再次运行保留已有密码 run again it keeps what is there, adds new stations and removes those that the catalog lost.
生效 To take effect: kill -HUP Mosquitto; docker compose kill -s HUP mosquitto

示例 Examples:
  npx lantian broker passwords --out /etc/mosquitto/lantian
  npx lantian broker passwords --renew dingchang-air
  npx lantian broker passwords --take nodered=MQTT_NODERED_PASSWORD

输出 Prints: user, what (made renewed taken removed); a line for each change.
退出码 Exit codes: 0 完成 done; 2 用法、设置或目录有误，无法写入，或另一个正在运行 wrong usage, settings or catalog, the folder cannot be written, or
  another run is under way.
`;
