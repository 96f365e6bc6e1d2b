/** SHA-256 (FIPS 180-4), the same in Apps Script, in the browser and in tests. */
const Sha256 = (() => {
  const START = [
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ];
  // The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  const ROUNDS = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ];

  /**
   * The digest of a text's UTF-8 bytes.
   *
   * @param {string} text
   * @returns {string} 64 hex digits, lower case
   */
  function hex(text) {
    const state = Int32Array.from(START);
    const words = padded(Utf8.bytes(text));
    const schedule = new Int32Array(64);
    for (let block = 0; block < words.length; block += 16) compress(state, words, block, schedule);
    return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /**
   * The message as 32-bit words: its bytes, a one, zeros, and its length in bits.
   *
   * @param {readonly number[]} bytes
   */
  function padded(bytes) {
    const words = new Int32Array((((bytes.length + 8) >> 6) + 1) << 4);
    [...bytes, 0x80].forEach((byte, at) => {
      words[at >> 2] = (words[at >> 2] ?? 0) | (byte << (24 - (at & 3) * 8));
    });
    words[words.length - 1] = bytes.length << 3;
    return words;
  }

  /**
   * @param {Int32Array} state changed
   * @param {Int32Array} words
   * @param {number} block
   * @param {Int32Array} w space for the message schedule
   */
  function compress(state, words, block, w) {
    for (let t = 0; t < 64; t++) {
      if (t < 16) w[t] = at(words, block + t);
      else {
        const [near, far] = [at(w, t - 2), at(w, t - 15)];
        const one = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10);
        const zero = turn(far, 7) ^ turn(far, 18) ^ (far >>> 3);
        w[t] = (one + at(w, t - 7) + zero + at(w, t - 16)) | 0;
      }
    }
    const v = state.slice();
    for (let t = 0; t < 64; t++) {
      const [a, e] = [at(v, 0), at(v, 4)];
      const choice = (e & at(v, 5)) ^ (~e & at(v, 6));
      const sum = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const first = (at(v, 7) + sum + choice + (ROUNDS[t] ?? 0) + at(w, t)) | 0;
      const majority = (a & at(v, 1)) ^ (a & at(v, 2)) ^ (at(v, 1) & at(v, 2));
      const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority;
      v.copyWithin(1, 0, 7);
      v[4] = at(v, 4) + first;
      v[0] = first + second;
    }
    v.forEach((word, i) => {
      state[i] = at(state, i) + word;
    });
  }

  /**
   * @param {Int32Array} words
   * @param {number} index within them
   */
  function at(words, index) {
    return words[index] ?? 0;
  }

  /**
   * @param {number} word
   * @param {number} bits
   */
  function turn(word, bits) {
    return (word >>> bits) | (word << (32 - bits));
  }

  return Object.freeze({ hex });
})();
