import type { Reason } from '../../../src/intake/reasons.ts';

/** Why a message is not understood, in Chinese, as docs/messages.md has it. */
export const REASON_WORDS: Readonly<Record<Reason, string>> = {
  'too-large': '报文过大',
  'bad-topic': '主题格式不对',
  'unknown-county': '其他县的报文',
  'unknown-feed': '未知数据类别',
  'unknown-station': '目录中没有该站点',
  'wrong-feed': '该站点不报此类数据',
  'bad-json': '不是 JSON',
  'bad-payload': '内容格式不对',
  'unknown-quantity': '未知监测因子',
  'bad-time': '时间有误',
  future: '时间超前',
  'too-old': '时间过旧',
  'out-of-range': '超出物理范围',
  failed: '处理失败',
};
