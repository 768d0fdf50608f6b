import { capTime, identifierOf, type Publisher, senderName } from './cap.ts';
import { actOf, levelName, saidOf, type Warning } from './warning.ts';
import { type Element, element, xmlDocument } from './xml.ts';

// An Atom feed (RFC 4287) of CAP messages, the newest first. Each entry is a message and never changes; what is new is a new entry.

/** Where the message of a version is. */
export const capPath = (identifier: string): string =>
  `/api/v1/cap/${identifier.split('/').map(encodeURIComponent).join('/')}.xml`;

/** The IRI of a message; the colons of its times are allowed there. */
const iriOf = (identifier: string): string => `urn:x-lantian:${identifier}`;

const entryOf = (warning: Warning, { catalog, simulated }: Publisher): Element => {
  const { signal, actual, level } = warning;
  const identifier = identifierOf(signal);
  const said = saidOf(warning);
  const sent = capTime(Date.parse(signal.at));
  const summary = `${actOf(warning).zh} ${actOf(warning).en}; ${levelName(level).zh} ${levelName(level).en}; ${signal.basis.document} ${signal.basis.clause}`;
  return element('entry', [
    element('id', iriOf(identifier)),
    element('title', `${said.zh} ${said.en}`),
    element('updated', sent),
    element('published', sent),
    element('author', [element('name', senderName(signal, catalog).zh)]),
    element('category', '', { term: actual ? (simulated ? 'Test' : 'Actual') : 'Draft' }),
    element('category', '', { term: warning.type }),
    element('link', '', { rel: 'alternate', type: 'application/cap+xml', href: capPath(identifier) }),
    element('summary', summary),
  ]);
};

/**
 * The feed.
 * @param self its own path
 * @param now epoch ms: when the feed has nothing, it was last changed now
 */
export const atomOf = (warnings: readonly Warning[], publisher: Publisher, self: string, now: number): string => {
  const { name, code } = publisher.catalog.county;
  const newest = warnings[0]?.signal.at;
  return xmlDocument(
    element(
      'feed',
      [
        element('id', `urn:x-lantian:${code}/cap`),
        element('title', `${name.zh}预警与应急响应 Warnings and responses of ${name.en}`),
        element('updated', capTime(newest === undefined ? now : Date.parse(newest))),
        element('link', '', { rel: 'self', type: 'application/atom+xml', href: self }),
        element('author', [element('name', name.zh)]),
        element('generator', 'Lantian'),
        ...warnings.map((warning) => entryOf(warning, publisher)),
      ],
      { xmlns: 'http://www.w3.org/2005/Atom' },
    ),
  );
};
