// What the parts of the card hand to each other.

type PageName = 'card' | 'today' | 'script' | 'check';

/** What the card knows. */
interface CardState {
  page: PageName;
  /** Whether the sheet has answered what is selected. */
  opened: boolean;
  /** As the sheet has it. */
  lead: Lead | null;
  /** The lead selected meanwhile, while this one is being written in. */
  other: Lead | null;
  model: Model | null;
  me: Operator;
  /** '2026-11-21' */
  today: string;
  /** Why a new comment is asked for, in a sentence. */
  asked: string | null;
}

/** A page of the sidebar: built once, then shown whenever something is different. */
interface Page {
  node: HTMLElement;
  show: (state: CardState) => void;
  /** It has just come into sight. */
  enter?: () => void;
}

/** What the parts of a lead's card show. */
interface CardView {
  /** With everything over it that is not in the sheet yet. */
  lead: Lead;
  /** As the sheet has it. */
  before: Lead;
  model: Model;
  today: string;
  asked: string | null;
  /** Whether another lead was shown before. */
  fresh: boolean;
}

/** A part of a lead's card: built once, then shown whenever something is different. */
interface Part {
  node: HTMLElement;
  show: (view: CardView) => void;
}

/** Changes of a lead. */
interface Edits {
  /** What the card showed before. */
  base: Record<string, Cell>;
  changes: Record<string, Cell>;
  checks: Record<string, boolean>;
}

/** A refusal, or no answer at all: then nobody knows what was done. */
type Lost = Refusal & { lost?: boolean };

/** What was changed of a lead and is not in the sheet yet. */
interface Pending {
  id: string;
  /** Of the lead, for messages. */
  name: string;
  /** Not sent yet. */
  edits: Edits;
  /** On its way. */
  sent: Edits | null;
  /** Cells that were sent, and no answer came: they may be in the sheet all the same. */
  unsure: Record<string, Cell>;
  /** Somebody is writing: not to be sent before it is released. */
  held: boolean;
  /** The timer that releases it when nobody writes any more. */
  idle: number;
  trouble: 'failed' | 'conflict' | 'gone' | null;
  /** What the trouble is, in a sentence. */
  told: string;
  /** In a conflict: how the lead stands in the sheet. */
  theirs: Lead | null;
}
