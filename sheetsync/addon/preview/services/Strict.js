/**
 * Objects as scripts get them: nothing but Google's own members, arguments checked, calls counted.
 *
 * A class of the stand-in is written plainly, with Google's names and Google's meaning; `describe`
 * says what it is called there and which arguments its methods take. Scripts never see the object
 * itself but a proxy that refuses every member it does not know: a stand-in that shrugs at a
 * misspelled call would let it through to Google.
 */
const Strict = (() => {
  const descriptions = new Map(); // class -> {name, methods: {name: [[type]]}, constants}
  const inside = new WeakMap(); // what is handed out -> the object behind it
  const outside = new WeakMap(); // and back
  let counts = {};

  /** What Google's messages call a value's type. */
  function typeOf(value) {
    if (value === null || value === undefined) return 'null';
    if (typeof value === 'string') return 'String';
    if (Array.isArray(value)) return value.length ? `${typeOf(value[0]).toLowerCase()}[]` : 'Array';
    if (value instanceof Date) return 'Date';
    const known = inside.has(value) && descriptions.get(inside.get(value).constructor);
    if (known) return known.name;
    return typeof value === 'object' ? 'Object' : typeof value;
  }

  const CHECKS = {
    any: () => true,
    'any[]': (value) => Array.isArray(value),
    'any[][]': (value) => Array.isArray(value) && value.length > 0 && value.every(Array.isArray),
    boolean: (value) => typeof value === 'boolean',
    date: (value) => value instanceof Date,
    int: (value) => Number.isInteger(value),
    number: (value) => typeof value === 'number',
    object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    string: (value) => typeof value === 'string',
    'string?': (value) => typeof value === 'string' || value === null,
    'int[]': (value) => Array.isArray(value) && value.every(Number.isInteger),
    'string[]': (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
    'string[][]': (value) => CHECKS['any[][]'](value) && value.every(CHECKS['string[]']),
    'string?[][]': (value) =>
      CHECKS['any[][]'](value) && value.every((row) => row.every(CHECKS['string?'])),
  };

  /** Whether a value is of a type: one of CHECKS, an enumeration or a class of the stand-in. */
  function fits(type, value) {
    if (CHECKS[type]) return CHECKS[type](value);
    if (value instanceof EnumValue) return value.kind === type;
    return inside.has(value) && inside.get(value).constructor.name === type;
  }

  /** One value of an enumeration; two of them are the same only when they are identical. */
  class EnumValue {
    constructor(kind, name, ordinal) {
      this.kind = kind;
      this.name = name;
      this.at = ordinal;
      Object.freeze(this);
    }
    toString() {
      return this.name;
    }
    toJSON() {
      return this.name;
    }
    ordinal() {
      return this.at;
    }
  }

  /** An enumeration; a value that Google does not have is an error, not undefined. */
  function enumeration(kind, names) {
    const values = {};
    names.forEach((name, at) => (values[name] = new EnumValue(kind, name, at)));
    return closed(kind, values);
  }

  function closed(name, members) {
    return new Proxy(Object.freeze(members), {
      get(target, key) {
        if (typeof key === 'symbol' || Object.hasOwn(target, key)) return target[key];
        throw unknown(name, key);
      },
      set(_target, key) {
        throw unknown(name, key);
      },
    });
  }

  function unknown(name, member) {
    return new Error(`stand-in: ${name}.${member} is not known`);
  }

  /**
   * Say what scripts may call of a class.
   *
   * @param {Function} of the class
   * @param {string} name what Google's messages call it: `SpreadsheetApp.Range`
   * @param {Record<string, string>} methods name -> signatures, `'int int | string'`
   * @param {object} constants members that are not called: enumerations
   */
  function describe(of, name, methods, constants = {}) {
    const parsed = {};
    for (const [method, text] of Object.entries(methods)) {
      if (typeof of.prototype[method] !== 'function') throw new Error(`${name}.${method}: no code`);
      parsed[method] = text.split('|').map((each) => each.trim().split(' ').filter(Boolean));
    }
    descriptions.set(of, { name, short: name.split('.').pop(), methods: parsed, constants });
  }

  /** What a script gets for a result: objects of ours as proxies, lists of them likewise. */
  function give(value) {
    if (Array.isArray(value)) return describes(value[0]) ? value.map(give) : value;
    if (!describes(value)) return value;
    if (!outside.has(value)) {
      const bare = Object.freeze(Object.create(null));
      const proxy = new Proxy(bare, handler(value, descriptions.get(value.constructor)));
      outside.set(value, proxy);
      inside.set(proxy, value);
    }
    return outside.get(value);
  }

  function describes(value) {
    return typeof value === 'object' && value !== null && descriptions.has(value.constructor);
  }

  /** What a script handed over, as the classes know it. */
  function take(value) {
    if (Array.isArray(value)) return inside.has(value[0]) ? value.map(take) : value;
    return inside.get(value) ?? value;
  }

  function handler(object, { name, short, methods, constants }) {
    const ready = {};
    function method(key) {
      ready[key] ??= (...args) => {
        counts[`${short}.${key}`] = (counts[`${short}.${key}`] ?? 0) + 1;
        const fitting = methods[key].some(
          (types) => types.length === args.length && types.every((type, i) => fits(type, args[i])),
        );
        if (!fitting) {
          const types = args.map(typeOf).join(',');
          throw new Error(
            `The parameters (${types}) don't match the method signature for ${name}.${key}.`,
          );
        }
        Access.check(name, key);
        return give(object[key](...args.map(take)));
      };
      return ready[key];
    }
    return {
      get(_target, key) {
        if (Object.hasOwn(methods, key)) return method(key);
        if (Object.hasOwn(constants, key)) return constants[key];
        if (key === 'toString') return () => short;
        if (typeof key === 'symbol' || key === 'toJSON') return undefined;
        throw unknown(name, key);
      },
      has: (_target, key) => Object.hasOwn(methods, key) || Object.hasOwn(constants, key),
      set(_target, key) {
        throw unknown(name, key);
      },
    };
  }

  /** Everything that is offered, for the test that compares it with Google's own types. */
  function offered() {
    return [...descriptions.values()].map(({ name, methods, constants }) => ({
      name,
      methods,
      constants: Object.fromEntries(
        Object.entries(constants).map(([key, values]) => [key, Object.keys(values)]),
      ),
    }));
  }

  return Object.freeze({
    closed,
    describe,
    enumeration,
    give,
    offered,
    take,
    counts: () => counts,
    forget: () => (counts = {}),
  });
})();
