/** BLAKE2s (RFC 7693), unkeyed: by it a refresh records which comment it has seen. */
const Blake2s = (() => {
  const START = [
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ];
  const BLOCK = 64;
  const NO_KEY = 0x01010000;

  /** Which words of the block each round mixes in, as hex digits. */
  const ROUNDS = [
    '0123456789abcdef',
    'ea489fd61c02b753',
    'b8c052fdae367194',
    '7931dcbe265a40f8',
    '905724afe1bc683d',
    '2c6a0b834d75fe19',
    'c51fed4a0763928b',
    'db7ec13950f4862a',
    '6fe9b308c2d714a5',
    'a2847615fb9e3cd0',
  ].map((digits) => Array.from(digits, (digit) => parseInt(digit, 16)));

  /** The columns and then the diagonals of the working state. */
  const QUARTERS = /** @type {const} */ ([
    [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
    [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
  ]);

  /**
   * The digest of a text's UTF-8 bytes.
   *
   * @param {string} text
   * @param {number} size of the digest, in bytes; 1 to 32
   * @returns {string} hex digits, lower case
   */
  function hex(text, size) {
    const bytes = Utf8.bytes(text);
    const state = Int32Array.from(START);
    state[0] = at(state, 0) ^ NO_KEY ^ size;
    const blocks = Math.max(1, Math.ceil(bytes.length / BLOCK));
    for (let block = 0; block < blocks; block++) {
      const end = Math.min((block + 1) * BLOCK, bytes.length);
      compress(state, words(bytes.slice(block * BLOCK, end)), end, block === blocks - 1);
    }
    const digest = new Uint8Array(state.buffer, 0, size);
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  /**
   * A block as 16 little-endian words, zeros after its end.
   *
   * @param {readonly number[]} bytes
   */
  function words(bytes) {
    const block = new Uint8Array(BLOCK);
    block.set(bytes);
    return new Int32Array(block.buffer);
  }

  /**
   * @param {Int32Array} state changed
   * @param {Int32Array} block
   * @param {number} count bytes up to the end of this block
   * @param {boolean} last
   */
  function compress(state, block, count, last) {
    const v = Int32Array.from([...state, ...START]);
    v[12] = at(v, 12) ^ count;
    if (last) v[14] = ~at(v, 14);
    for (const order of ROUNDS) {
      QUARTERS.forEach(([a, b, c, d], i) => {
        mix(v, a, b, c, d, at(block, order[2 * i]), at(block, order[2 * i + 1]));
      });
    }
    for (let i = 0; i < 8; i++) state[i] = at(state, i) ^ at(v, i) ^ at(v, i + 8);
  }

  /**
   * @param {Int32Array} v changed
   * @param {number} a
   * @param {number} b
   * @param {number} c
   * @param {number} d
   * @param {number} x
   * @param {number} y
   */
  function mix(v, a, b, c, d, x, y) {
    v[a] = at(v, a) + at(v, b) + x;
    v[d] = turn(at(v, d) ^ at(v, a), 16);
    v[c] = at(v, c) + at(v, d);
    v[b] = turn(at(v, b) ^ at(v, c), 12);
    v[a] = at(v, a) + at(v, b) + y;
    v[d] = turn(at(v, d) ^ at(v, a), 8);
    v[c] = at(v, c) + at(v, d);
    v[b] = turn(at(v, b) ^ at(v, c), 7);
  }

  /**
   * @param {Int32Array} words_
   * @param {number | undefined} index within them
   */
  function at(words_, index) {
    return words_[index ?? 0] ?? 0;
  }

  /**
   * @param {number} word
   * @param {number} bits to the right
   */
  function turn(word, bits) {
    return (word >>> bits) | (word << (32 - bits));
  }

  return Object.freeze({ hex });
})();
