/** A function of objects that makes its answer once for each, and lets go of it with the object. For what holds of it whatever changes in it. */
export const rememberedBy = <K extends object, V extends object>(make: (key: K) => V): ((key: K) => V) => {
  const known = new WeakMap<K, V>();
  return (key) => {
    let found = known.get(key);
    if (found === undefined) {
      found = make(key);
      known.set(key, found);
    }
    return found;
  };
};
