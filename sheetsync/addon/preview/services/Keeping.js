/** `LockService`, `CacheService`, `PropertiesService`: what outlives one run of a script. */
const Keeping = (() => {
  const KINDS = ['Document', 'Script', 'User'];
  const CACHED = { key: 250, value: 100 * 1024, seconds: 600, longest: 21_600 };
  const PROPERTY = 9 * 1024; // bytes of one value
  let caches = {};
  let properties = {};
  let held = new Set();

  /** A store of one kind; everybody has a user's store of their own. */
  function store(stores, kind) {
    const name = kind === 'User' ? `User ${Access.session().user}` : kind;
    return (stores[name] ??= new Map());
  }

  function bytes(text) {
    return [...text].reduce((sum, each) => {
      const code = each.codePointAt(0);
      return sum + (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
    }, 0);
  }

  // -- locks ---------------------------------------------------------------------------------

  class Lock {
    constructor(kind) {
      this.kind = kind;
    }
    tryLock(timeout) {
      if (timeout < 0) throw new Error('Invalid argument: timeoutInMillis');
      if (this.taken()) return false;
      held.add(this.kind);
      return true;
    }
    waitLock(timeout) {
      if (!this.tryLock(timeout)) {
        throw new Error('Lock timeout: another process was holding the lock for too long.');
      }
    }
    hasLock() {
      return held.has(this.kind);
    }
    releaseLock() {
      held.delete(this.kind);
    }
    /** Whether somebody else's run holds it: the session says so. */
    taken() {
      return (Access.session().locked ?? []).includes(this.kind.toLowerCase());
    }
  }

  // -- caches --------------------------------------------------------------------------------

  class Cache {
    constructor(kind) {
      this.kind = kind;
    }
    get(key) {
      const found = this.all().get(checkedKey(key));
      return found && found.until > Date.now() ? found.value : null;
    }
    getAll(keys) {
      const found = keys.map((key) => [key, this.get(key)]);
      return Object.fromEntries(found.filter(([, value]) => value !== null));
    }
    put(key, value, seconds = CACHED.seconds) {
      if (bytes(value) > CACHED.value) throw new Error('Argument too large: value');
      if (seconds < 1 || seconds > CACHED.longest) {
        throw new Error('Invalid argument: expirationInSeconds');
      }
      this.all().set(checkedKey(key), { value, until: Date.now() + seconds * 1000 });
    }
    putAll(values, seconds = CACHED.seconds) {
      for (const [key, value] of Object.entries(values)) this.put(key, String(value), seconds);
    }
    remove(key) {
      this.all().delete(key);
    }
    removeAll(keys) {
      keys.forEach((key) => this.remove(key));
    }
    all() {
      return store(caches, this.kind);
    }
  }

  function checkedKey(key) {
    if (key.length > CACHED.key) throw new Error('Argument too large: key');
    return key;
  }

  // -- properties ----------------------------------------------------------------------------

  class Properties {
    constructor(kind) {
      this.kind = kind;
    }
    getProperty(key) {
      return this.all().get(key) ?? null;
    }
    getProperties() {
      return Object.fromEntries(this.all());
    }
    getKeys() {
      return [...this.all().keys()];
    }
    setProperty(key, value) {
      if (bytes(value) > PROPERTY) throw new Error('Argument too large: value');
      this.all().set(key, value);
      return this;
    }
    setProperties(values, only = false) {
      if (only) this.all().clear();
      for (const [key, value] of Object.entries(values)) this.setProperty(key, String(value));
      return this;
    }
    deleteProperty(key) {
      this.all().delete(key);
      return this;
    }
    deleteAllProperties() {
      this.all().clear();
      return this;
    }
    all() {
      return store(properties, this.kind);
    }
  }

  /** A service that gives one object for each kind: `getDocumentLock()` and so on. */
  function keeper(service, of) {
    const getters = {};
    for (const kind of KINDS) {
      const name = `get${kind}${of.name}`;
      service.prototype[name] = () => new of(kind);
      getters[name] = '';
    }
    Strict.describe(service, service.name, getters);
    return Strict.give(new service());
  }
  class LockService {}
  class CacheService {}
  class PropertiesService {}

  Strict.describe(Lock, 'LockService.Lock', {
    hasLock: '',
    releaseLock: '',
    tryLock: 'int',
    waitLock: 'int',
  });
  Strict.describe(Cache, 'CacheService.Cache', {
    get: 'string',
    getAll: 'string[]',
    put: 'string string | string string int',
    putAll: 'object | object int',
    remove: 'string',
    removeAll: 'string[]',
  });
  Strict.describe(Properties, 'PropertiesService.Properties', {
    deleteAllProperties: '',
    deleteProperty: 'string',
    getKeys: '',
    getProperties: '',
    getProperty: 'string',
    setProperties: 'object | object boolean',
    setProperty: 'string string',
  });

  return Object.freeze({
    caches: keeper(CacheService, Cache),
    locks: keeper(LockService, Lock),
    properties: keeper(PropertiesService, Properties),
    release: () => held.clear(),
    forget: () => {
      [caches, properties, held] = [{}, {}, new Set()];
    },
  });
})();
