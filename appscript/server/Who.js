/** Who is at the keyboard. */
const Who = (() => {
  const SAID = 'me';

  /**
   * The person that runs the script, as Team knows them: by their address or, since Google seldom
   * tells that to a script that asks for so little, by what they said in the card.
   *
   * @param {Model | null} model
   * @returns {Operator}
   */
  function me(model) {
    const email = quietly(() => Session.getActiveUser().getEmail());
    const said = quietly(() => PropertiesService.getUserProperties().getProperty(SAID) ?? '');
    const mail = email.trim().toLowerCase();
    const member =
      model?.team.find((each) => mail !== '' && each.email === mail) ??
      model?.team.find((each) => said !== '' && each.name === said);
    return { email, name: member?.name ?? null, role: member?.role ?? null };
  }

  /**
   * What Google tells of an account; "" where it keeps it from us. Who is nobody to Google may type
   * all the same, and that is logged.
   *
   * @param {() => string} ask
   */
  function quietly(ask) {
    try {
      return ask();
    } catch {
      return '';
    }
  }

  /**
   * Remember who somebody says they are; of their own account only.
   *
   * @param {string} name as Team has it
   */
  function say(name) {
    PropertiesService.getUserProperties().setProperty(SAID, name);
  }

  /**
   * Whose change of a lead it is: the person at the keyboard by name, else by address; where Google
   * does not tell, the lead's manager.
   *
   * @param {Operator} operator
   * @param {string | null} manager
   */
  function author(operator, manager) {
    return operator.name ?? (operator.email || (manager ?? ''));
  }

  return Object.freeze({ me, say, author });
})();
