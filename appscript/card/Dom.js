/**
 * Building the page and changing it. Texts get in as text only; a node that shows already what it
 * should is not touched, so that nothing is laid out, announced or unfocused for nothing.
 */
const Dom = (() => {
  /**
   * A new element.
   * @template {keyof HTMLElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {Record<string, string | number | boolean | null>} [attributes] null and false: none
   * @param {...(Node | string | null)} children texts become text nodes
   * @returns {HTMLElementTagNameMap[Tag]}
   */
  function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) set(node, name, value);
    node.append(...children.filter((child) => child !== null));
    return node;
  }

  /**
   * A button that does something.
   * @param {string} label
   * @param {(event: MouseEvent) => void} run
   * @param {Record<string, string | number | boolean | null>} [attributes]
   */
  function button(label, run, attributes = {}) {
    const node = el('button', { type: 'button', ...attributes }, label);
    node.addEventListener('click', run);
    return node;
  }

  /**
   * @param {Element} node
   * @param {string} name
   * @param {string | number | boolean | null} value
   */
  function set(node, name, value) {
    if (value === null || value === false) node.removeAttribute(name);
    else {
      const text = value === true ? '' : String(value);
      if (node.getAttribute(name) !== text) node.setAttribute(name, text);
    }
  }

  /**
   * @param {Node} node
   * @param {string} value
   */
  function text(node, value) {
    if (node.textContent !== value) node.textContent = value;
  }

  /**
   * @param {HTMLElement} node
   * @param {boolean} visible
   */
  function show(node, visible) {
    if (node.hidden === visible) node.hidden = !visible;
  }

  /**
   * Text that is there while it says something.
   * @param {HTMLElement} node
   * @param {string | null} value
   */
  function note(node, value) {
    text(node, value ?? '');
    show(node, Boolean(value));
  }

  /** @type {WeakMap<Element, Map<string, Node>>} what {@link list} has made, by parent and item */
  const made = new WeakMap();

  /**
   * One child for each item. Those of items that were there before stay as they are.
   * @template Item
   * @param {Element} parent
   * @param {readonly Item[]} items what JSON can say: an item is known by all it says
   * @param {(item: Item) => Node} make
   */
  function list(parent, items, make) {
    const before = made.get(parent) ?? new Map();
    const now = new Map();
    let place = parent.firstChild;
    for (const item of items) {
      let key = JSON.stringify(item);
      while (now.has(key)) key += '+';
      const node = before.get(key) ?? make(item);
      now.set(key, node);
      if (place === node) place = node.nextSibling;
      else parent.insertBefore(node, place);
    }
    while (place) {
      const next = place.nextSibling;
      place.remove();
      place = next;
    }
    made.set(parent, now);
  }

  let ids = 0;

  /** An id that no other element has. */
  function id() {
    ids += 1;
    return `n${ids}`;
  }

  return Object.freeze({ el, button, set, text, show, note, list, id });
})();
