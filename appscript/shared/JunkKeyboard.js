/**
 * Where the keys are: walks along them, the other layout, and how probable mere typing is. As
 * sheetsync/crm/junk/keyboard.py.
 */
const JunkKeyboard = (() => {
  /** @type {Record<JunkAlphabet, [string, string, string]>} */
  const ROWS = {
    latin: ['qwertyuiop[]', "asdfghjkl;'", 'zxcvbnm,.'],
    cyrillic: ['йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю'],
  };
  const DIGITS = '1234567890';
  const OTHER = otherKeys();
  /** Idle fingers rest on the middle row: the share of letters that they hit in each. */
  const ROW_SHARES = [0.25, 0.6, 0.15];
  /** The share of strokes that hit a key beside the last one, or the same key again. */
  const NEIGHBOUR = 0.5;
  /** Letters of a walk that starts where a row does, of any other, and of the longest row. */
  const [LEAST_WALK, LEAST_INNER_WALK, LONGEST_WALK] = [3, 4, 12];
  /** How often somebody takes any other walk, against one that starts where a row does. */
  const INNER = 0.02;
  /** @type {{ walks?: Map<string, number>, beginnings?: Set<string> }} */
  const made = {};
  /** @type {Map<JunkAlphabet, Map<string, number>>} */
  const strokes = new Map();

  function otherKeys() {
    const [latin, cyrillic] = [ROWS.latin.join('') + '`', ROWS.cyrillic.join('') + 'ё'];
    return new Map(
      [...latin].flatMap((key, place) => {
        const other = cyrillic.charAt(place);
        return /** @type {[string, string][]} */ ([[key, other], [other, key]]);
      }),
    );
  }

  /**
   * What the same keys give in the other layout: Fyyf is Анна.
   *
   * @param {string} text
   */
  function otherLayout(text) {
    return [...text].map((character) => OTHER.get(character) ?? character).join('');
  }

  /**
   * The log-probability of a folded word as walks over the keys, one after another; minus infinite
   * where it is something else. [nat]
   *
   * @param {string} word
   */
  function walk(word) {
    made.walks ??= allWalks();
    made.beginnings ??= new Set([...made.walks.keys()].map((one) => one.slice(0, LEAST_WALK)));
    if (!made.beginnings.has(word.slice(0, LEAST_WALK))) return -Infinity;
    const best = [0];
    for (let end = 1; end <= word.length; end += 1) {
      best[end] = -Infinity;
      for (let start = 0; start <= end - LEAST_WALK; start += 1) {
        const last = made.walks.get(word.slice(start, end)) ?? -Infinity;
        best[end] = Math.max(best[end] ?? -Infinity, (best[start] ?? -Infinity) + last);
      }
    }
    return best.at(-1) ?? -Infinity;
  }

  /** Walks along a row or the alphabet, either way, or down the columns (qazwsx). */
  function allWalks() {
    const { usual, others } = lines();
    /** @type {Map<string, number>} */
    const weights = new Map();
    for (const line of usual) {
      for (let end = LEAST_WALK; end <= Math.min(line.length, LONGEST_WALK); end += 1) {
        weights.set(line.slice(0, end), 1);
      }
    }
    for (const line of [...usual, ...others]) {
      for (const way of [line, [...line].reverse().join('')]) {
        for (let start = 0; start < way.length; start += 1) {
          const least = start + (start ? LEAST_INNER_WALK : LEAST_WALK);
          for (let end = least; end <= way.length; end += 1) {
            const inner = way.slice(start, end);
            if (!weights.has(inner)) weights.set(inner, INNER);
          }
        }
      }
    }
    const whole = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
    return new Map([...weights].map(([word, weight]) => [word, Math.log(weight / whole)]));
  }

  /** Lines of keys: those that walks usually start on, and what begins within one. */
  function lines() {
    const rows = Object.values(ROWS).map((three) =>
      three.map((row) => row.replace(/[^a-zа-я]/g, '')),
    );
    const usual = [DIGITS, ...Object.values(JUNK_DATA.alphabets), ...rows.flat()];
    /** @type {string[]} */
    const others = [];
    for (const letters of rows) {
      const shortest = Math.min(...letters.map((row) => row.length));
      const columns = Array.from({ length: shortest }, (_, place) =>
        letters.map((row) => row.charAt(place)).join(''),
      );
      for (const keys of [columns, columns.map((column, place) => DIGITS[place] + column)]) {
        usual.push(keys.join(''));
        others.push(...keys.slice(1).map((_, place) => keys.slice(place + 1).join('')));
      }
    }
    return { usual, others };
  }

  /**
   * Of a word that somebody typed without a thought, with as many letters as this: half of such
   * words are any letters, the others those under an idle hand. [nat]
   *
   * @param {string} word
   * @param {JunkAlphabet} alphabet
   */
  function logProbability(word, alphabet) {
    const known = strokes.get(alphabet) ?? idleHand(alphabet);
    strokes.set(alphabet, known);
    const stroke = (/** @type {string} */ letter, /** @type {number} */ place) =>
      known.get((place > 0 ? word.charAt(place - 1) : '') + letter) ?? NaN;
    const hand = [...word].map(stroke).reduce((sum, log) => sum + log, 0);
    const any = -word.length * Math.log(JUNK_DATA.alphabets[alphabet].length);
    return JunkLetters.logAdd(hand, any) - Math.log(2);
  }

  /**
   * Two keys, or the first one alone -> log P(key | key before).
   *
   * @param {JunkAlphabet} alphabet
   */
  function idleHand(alphabet) {
    const letters = [...JUNK_DATA.alphabets[alphabet]];
    /** @type {Map<string, number>} */
    const single = new Map();
    const near = new Map(letters.map((letter) => [letter, new Set([letter])]));
    ROWS[alphabet].forEach((row, place) => {
      const keys = [...row].filter((key) => letters.includes(key));
      keys.forEach((key, n) => {
        single.set(key, (ROW_SHARES[place] ?? 0) / keys.length);
        for (const beside of [keys[n - 1], keys[n + 1]]) if (beside) near.get(key)?.add(beside);
      });
    });
    const chances = new Map(single);
    for (const [before, beside] of near) {
      for (const [letter, share] of single) {
        const stays = beside.has(letter) ? NEIGHBOUR / beside.size : 0;
        chances.set(before + letter, stays + (1 - NEIGHBOUR) * share);
      }
    }
    return new Map([...chances].map(([keys, chance]) => [keys, Math.log(chance)]));
  }

  return Object.freeze({ otherLayout, walk, logProbability });
})();
