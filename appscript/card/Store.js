/**
 * What the card knows: the lead as the sheet has it, the model, who looks at it, which page. Parts
 * of the card ask to be told when any of it changes.
 */
const Store = (() => {
  /** @type {CardState} */
  let state = {
    page: 'card',
    opened: false,
    lead: null,
    other: null,
    model: null,
    me: { email: '', name: null, role: null },
    today: '',
    asked: null,
  };

  /** @type {Array<(state: CardState) => void>} */
  const listeners = [];

  /** @param {(state: CardState) => void} listener */
  function listen(listener) {
    listeners.push(listener);
  }

  /** @param {Partial<CardState>} part */
  function set(part) {
    state = { ...state, ...part };
    changed();
  }

  /** Tell everybody. One that fails keeps nobody else from being told, nor a change from being sent. */
  function changed() {
    for (const listener of listeners) {
      try {
        listener(state);
      } catch (error) {
        reportError(error);
      }
    }
  }

  function get() {
    return state;
  }

  /**
   * Another lead than before is shown from now on, or none.
   * @param {Lead | null} lead
   */
  function open(lead) {
    const same = lead !== null && lead.id === state.lead?.id;
    set({ lead, other: null, asked: same ? state.asked : null });
  }

  /**
   * How a lead stands in the sheet now; of no interest where it is not the one that is shown.
   * @param {Lead} lead
   */
  function refresh(lead) {
    if (lead.id === state.lead?.id) set({ lead });
  }

  /**
   * The comment that was asked for has been given.
   * @param {string} id of the lead
   */
  function answered(id) {
    if (id === state.lead?.id) set({ asked: null });
  }

  return Object.freeze({ listen, set, changed, get, open, refresh, answered });
})();
