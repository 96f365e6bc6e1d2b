/** `Utilities`, `Logger` and `console`. */
const Toolbox = (() => {
  const Charset = Strict.enumeration('Charset', ['US_ASCII', 'UTF_8']);
  const DigestAlgorithm = Strict.enumeration('DigestAlgorithm', [
    'MD2',
    'MD5',
    'SHA_1',
    'SHA_256',
    'SHA_384',
    'SHA_512',
  ]);
  const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let lines = [];

  /** A text as bytes; ASCII, Google's default, has a question mark for everything else. */
  function encoded(text, charset) {
    if (charset === Charset.UTF_8) {
      const escaped = encodeURIComponent(text.toWellFormed());
      return [...escaped.matchAll(/%(..)|(.)/g)].map(([, hex, plain]) =>
        hex ? parseInt(hex, 16) : plain.charCodeAt(0),
      );
    }
    return [...text].map((each) => (each.codePointAt(0) < 128 ? each.charCodeAt(0) : 63));
  }

  const bytesOf = (data, charset) =>
    typeof data === 'string' ? encoded(data, charset) : data.map((each) => each & 255);
  const signed = (bytes) => bytes.map((each) => (each << 24) >> 24);

  function base64(bytes) {
    let text = '';
    for (let i = 0; i < bytes.length; i += 3) {
      const some = bytes.slice(i, i + 3);
      const bits = (some[0] << 16) | ((some[1] ?? 0) << 8) | (some[2] ?? 0);
      for (let j = 0; j < 4; j++) {
        text += j > some.length ? '=' : LETTERS[(bits >> (18 - 6 * j)) & 63];
      }
    }
    return text;
  }

  function unbase64(text) {
    const bytes = [];
    const bare = text.replace(/=+$/, '');
    if (/[^A-Za-z0-9+/]/.test(bare)) throw new Error('Could not decode string.');
    for (let i = 0; i < bare.length; i += 4) {
      const some = [...bare.slice(i, i + 4)].map((each) => LETTERS.indexOf(each));
      const bits = some.reduce((sum, each, j) => sum | (each << (18 - 6 * j)), 0);
      for (let j = 0; j < some.length - 1; j++) bytes.push((bits >> (16 - 8 * j)) & 255);
    }
    return bytes;
  }

  // FIPS 180-4, section 6.2: the first 32 bits of the fractional parts of roots of primes.
  const PRIMES = [];
  for (let n = 2; PRIMES.length < 64; n++) if (PRIMES.every((p) => n % p)) PRIMES.push(n);
  const fraction = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
  const ROUNDS = PRIMES.map((prime) => fraction(Math.cbrt(prime)));

  function sha256(bytes) {
    const length = bytes.length * 8;
    const padded = [...bytes, 0x80];
    while (padded.length % 64 !== 56) padded.push(0);
    for (let i = 7; i >= 0; i--) padded.push(Math.floor(length / 2 ** (8 * i)) & 255);
    let state = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let at = 0; at < padded.length; at += 64) {
      const w = [];
      for (let i = 0; i < 64; i++) {
        if (i < 16) {
          const j = at + 4 * i;
          w.push((padded[j] << 24) | (padded[j + 1] << 16) | (padded[j + 2] << 8) | padded[j + 3]);
        } else {
          const [x, y] = [w[i - 15], w[i - 2]];
          const first = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
          const second = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
          w.push((w[i - 16] + first + w[i - 7] + second) | 0);
        }
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 64; i++) {
        const mixed = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
        const one = (h + mixed + ((e & f) ^ (~e & g)) + ROUNDS[i] + w[i]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      state = [a, b, c, d, e, f, g, h].map((each, i) => (each + state[i]) | 0);
    }
    return state.flatMap((each) => [24, 16, 8, 0].map((shift) => (each >>> shift) & 255));
  }

  class Utilities {
    formatDate(date, zone, pattern) {
      return Zone.format(date, zone, pattern);
    }
    computeDigest(algorithm, data, charset) {
      if (algorithm !== DigestAlgorithm.SHA_256) {
        throw new Error(`stand-in: Utilities.computeDigest with ${algorithm} is not known`);
      }
      return signed(sha256(bytesOf(data, charset)));
    }
    base64Encode(data, charset) {
      return base64(bytesOf(data, charset));
    }
    base64EncodeWebSafe(data, charset) {
      return base64(bytesOf(data, charset)).replaceAll('+', '-').replaceAll('/', '_');
    }
    base64Decode(text) {
      return signed(unbase64(text));
    }
    base64DecodeWebSafe(text) {
      return signed(unbase64(text.replaceAll('-', '+').replaceAll('_', '/')));
    }
    sleep(milliseconds) {
      if (milliseconds < 0 || milliseconds > 300_000) {
        throw new Error('Invalid argument: milliseconds');
      }
      Clock.pass(milliseconds);
    }
    getUuid() {
      const hex = () => Math.floor(Math.random() * 16).toString(16);
      return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, hex);
    }
  }

  function log(level, values) {
    const text = values.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
    lines.push({ level, text: text.join(' ') });
  }

  class Logger {
    log(...values) {
      log('info', values);
      return this;
    }
  }
  class Console {}
  for (const level of ['error', 'info', 'log', 'warn']) {
    Console.prototype[level] = (...values) => log(level, values);
  }

  const data = 'int[] | string | string Charset';
  Strict.describe(
    Utilities,
    'Utilities',
    {
      base64Decode: 'string',
      base64DecodeWebSafe: 'string',
      base64Encode: data,
      base64EncodeWebSafe: data,
      computeDigest:
        'DigestAlgorithm int[] | DigestAlgorithm string | DigestAlgorithm string Charset',
      formatDate: 'date string string',
      getUuid: '',
      sleep: 'int',
    },
    { Charset, DigestAlgorithm },
  );
  const logged = 'any | any any | any any any | any any any any';
  Strict.describe(Logger, 'Logger', { log: logged });
  Strict.describe(Console, 'Console', { error: logged, info: logged, log: logged, warn: logged });

  return Object.freeze({
    console: Strict.give(new Console()),
    logger: Strict.give(new Logger()),
    utilities: Strict.give(new Utilities()),
    lines: () => lines,
    forget: () => (lines = []),
  });
})();
