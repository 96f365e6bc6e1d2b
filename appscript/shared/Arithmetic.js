/**
 * Calculations over columns, `Budget / People / Days`, computed for one lead. They come parsed:
 * sheetsync/crm/scoring/arithmetic.py reads them, compiled.py says how a tree looks.
 */
const Arithmetic = (() => {
  /** @type {Record<string, (left: number, right: number) => number>} */
  const OPERATIONS = {
    '+': (left, right) => left + right,
    '-': (left, right) => left - right,
    '*': (left, right) => left * right,
    '/': (left, right) => left / right,
  };

  /**
   * The value of a tree; NaN where a number is missing, where something is divided by zero, and
   * where a result is too large for a float.
   *
   * @param {ArithmeticTree} tree
   * @param {(key: string) => number} column a column's number, NaN where it has none
   * @returns {number}
   */
  function evaluate(tree, column) {
    if ('number' in tree) return tree.number;
    if ('name' in tree) return column(tree.name);
    if ('negative' in tree) return -evaluate(tree.negative, column);
    const operation = OPERATIONS[tree.sign];
    if (!operation) return NaN;
    const result = operation(evaluate(tree.left, column), evaluate(tree.right, column));
    return Number.isFinite(result) ? result : NaN;
  }

  /**
   * The keys of the columns in a tree, each once, in order.
   *
   * @param {ArithmeticTree} tree
   * @returns {string[]}
   */
  function namesIn(tree) {
    if ('number' in tree) return [];
    if ('name' in tree) return [tree.name];
    if ('negative' in tree) return namesIn(tree.negative);
    return [...new Set([...namesIn(tree.left), ...namesIn(tree.right)])];
  }

  return Object.freeze({ evaluate, namesIn });
})();
