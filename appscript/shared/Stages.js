/** The rules of statuses: crm/{stages/funnel,checklist,losses,promises}.py for one lead. */
const Stages = (() => {
  /**
   * What of a lead the rules look at. Where `visited` is left out, its history tells where it was.
   *
   * @typedef {Pick<Lead, 'status' | 'cells' | 'checks' | 'history' | 'visited'>} OnItsWay
   */

  /**
   * @param {string | null} name
   * @param {Pick<Model, 'statuses'>} model
   */
  function find(name, model) {
    return model.statuses.find((status) => status.name === name) ?? null;
  }

  /**
   * The status that a cell names, as Statuses spells it; null for none that it knows.
   *
   * @param {Cell} cell
   * @param {Pick<Model, 'status_names'>} model
   */
  function read(cell, model) {
    return Names.matchName(cell, { byFolded: model.status_names, lenient: false }).value;
  }

  /**
   * The member of Team that a cell names. Where Team is empty any name will do.
   *
   * @param {Cell} cell
   * @param {Pick<Model, 'team_names'>} model
   */
  function person(cell, model) {
    return Names.matchName(cell, { byFolded: model.team_names, lenient: true }).value;
  }

  /**
   * The open status of the lowest order, in which a lead starts; null where none is open.
   *
   * @param {Pick<Model, 'statuses'>} model in order
   */
  function first(model) {
    return model.statuses.find((status) => status.kind === 'open')?.name ?? null;
  }

  /**
   * Whether a change to a status asks for a comment.
   *
   * @param {string | null} name
   * @param {Pick<Model, 'statuses'>} model
   */
  function asksComment(name, model) {
    return find(name, model)?.needs_comment ?? false;
  }

  /**
   * The required stages that a lead passes over by going to a status; those it had passed over
   * before are not told again.
   *
   * @param {OnItsWay} lead
   * @param {string} to
   * @param {Pick<Model, 'statuses'>} model
   * @returns {string[]}
   */
  function skipped(lead, to, model) {
    const been = way(lead);
    if (lead.status !== null && lead.status !== to) been.push(lead.status);
    const before = passedOver(been, model);
    return passedOver([...been, to], model).filter((name) => !before.includes(name));
  }

  /**
   * The statuses that a lead's log names.
   *
   * @param {OnItsWay} lead
   */
  function way(lead) {
    return [...(lead.visited ?? lead.history.flatMap((line) => [line.from, line.to]))];
  }

  /**
   * @param {readonly string[]} visited
   * @param {Pick<Model, 'statuses'>} model
   */
  function passedOver(visited, model) {
    const stages = model.statuses.filter(isStage);
    const reached = stages.filter((stage) => visited.includes(stage.name));
    const furthest = Math.max(...reached.map((stage) => stage.order));
    return stages
      .filter((stage) => stage.order < furthest && !stage.may_skip && !reached.includes(stage))
      .map((stage) => stage.name);
  }

  /** @param {{ kind: string | null }} status */
  function isStage(status) {
    return status.kind === 'open' || status.kind === 'won';
  }

  /**
   * The steps that should be done once a lead stands in a status.
   *
   * @param {OnItsWay} lead
   * @param {string | null} to
   * @param {Pick<Model, 'statuses' | 'steps'>} model
   * @returns {string[]} ids
   */
  function due(lead, to, model) {
    const kind = find(to, model)?.kind ?? null;
    const been = [...way(lead), to];
    /** @param {string | null} name */
    const isDue = (name) => {
      if (name === null) return kind === 'won' || kind === 'lost';
      const before = find(name, model);
      if (before === null || !isStage(before)) return to === name;
      const further = model.statuses.filter(
        (status) => isStage(status) && status.order >= before.order,
      );
      return kind === 'won' || further.some((status) => been.includes(status.name));
    };
    return model.steps.filter((step) => isDue(step.before)).map((step) => step.id);
  }

  /**
   * The required steps that are due and not ticked, by their texts.
   *
   * @param {OnItsWay} lead
   * @param {Pick<Model, 'statuses' | 'steps'>} model
   */
  function missingSteps(lead, model) {
    const now = due(lead, lead.status, model);
    return model.steps
      .filter((step) => step.required && now.includes(step.id) && !lead.checks[step.id])
      .map((step) => step.step);
  }

  /**
   * What a loss lacks to be one: without it, it is only proposed, and the lead counts as open.
   *
   * @param {OnItsWay} lead
   * @param {Model} model
   * @returns {{ steps: string[], reason: boolean, approval: boolean } | null} null where the status
   *   asks for no approval
   */
  function lacking(lead, model) {
    const status = find(lead.status, model);
    if (status === null || status.kind !== 'lost' || !status.needs_approval) return null;
    const reasons = { byFolded: model.reason_names, lenient: true };
    const reason = Names.matchName(lead.cells['loss_reason'] ?? null, reasons).value;
    return {
      steps: missingSteps(lead, model),
      reason: reason === null,
      approval: !isApproved(lead, model),
    };
  }

  /**
   * Whether a lead's loss waits for what it lacks.
   *
   * @param {OnItsWay} lead
   * @param {Model} model
   */
  function isProposed(lead, model) {
    const lacks = lacking(lead, model);
    return lacks !== null && (lacks.steps.length > 0 || lacks.reason || lacks.approval);
  }

  /**
   * @param {OnItsWay} lead
   * @param {Pick<Model, 'team' | 'team_names'>} model
   */
  function isApproved(lead, model) {
    const who = approvers(person(lead.cells['manager'] ?? null, model), model);
    const by = person(lead.cells['approved_by'] ?? null, model);
    return who.length === 0 || (by !== null && who.includes(by));
  }

  /**
   * Who may approve a loss of a manager; nobody where nobody can be asked.
   *
   * @param {string | null} manager
   * @param {Pick<Model, 'team'>} model
   * @returns {string[]} names
   */
  function approvers(manager, model) {
    const bosses = seniors(model).map((member) => member.name);
    if (bosses.length > 0) return bosses;
    return model.team.map((member) => member.name).filter((name) => name !== manager);
  }

  /**
   * The seniors and owners of Team, in its order.
   *
   * @param {Pick<Model, 'team'>} model
   */
  function seniors(model) {
    return model.team.filter((member) => member.role === 'senior' || member.role === 'owner');
  }

  /**
   * Whether a change of status begins a new step, so that a later date is a new promise.
   *
   * @param {string | null} was
   * @param {string | null} to
   * @param {Pick<Model, 'statuses'>} model
   */
  function isNewStep(was, to, model) {
    const [before, now] = [find(was, model), find(to, model)];
    if (before === null || now === null || before === now || now.parks) return false;
    return before.kind !== 'open' || before.parks || now.order > before.order;
  }

  return Object.freeze({
    find, read, person, first, asksComment, skipped, due, lacking,
    isProposed, approvers, seniors, isNewStep,
  });
})();
