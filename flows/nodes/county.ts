import type { NodeAPI, NodeDef } from 'node-red';
import { type County, createCounty } from './lib/county.ts';
import { type CountyNode, wordsOf } from './lib/node.ts';

interface Definition extends NodeDef {
  readonly config: string;
}

/** Config node: the settings and the catalog of the county, shared by the other nodes. */
export default (RED: NodeAPI): void => {
  function LantianCounty(this: CountyNode, definition: Definition) {
    RED.nodes.createNode(this, definition);
    let county: County | undefined;
    const changed = (thrown?: unknown): void => {
      if (thrown === undefined) this.log('县域目录已重新读取 the catalog was read again');
      else
        this.warn(
          `县域目录有误，仍用原目录 the catalog has mistakes, the one before stays in use:\n${wordsOf(thrown)}`,
        );
    };
    const open = (): County =>
      createCounty({
        file: definition.config || process.env['LANTIAN_CONFIG'] || undefined,
        env: process.env,
        now: Date.now,
        changed,
      });
    // Files that are wrong now may be put right later: the next message tries again.
    this.known = () => {
      county ??= open();
      return county.known();
    };
    try {
      this.known();
    } catch (thrown) {
      this.error(wordsOf(thrown));
    }
  }
  RED.nodes.registerType('lantian-county', LantianCounty);
};
