/** An address without the user and password it may carry: what is shown must not tell secrets. */
export const withoutSecrets = (url: string): string => url.replace(/^([a-z0-9+.-]+:\/\/)[^/?#]*@/i, '$1');
