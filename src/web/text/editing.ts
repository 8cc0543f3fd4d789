/** Words of changing a thing that is saved: leaving it unsaved, and somebody else having been first. */
export const editing = {
  leave: {
    title: 'Leave without saving?',
    why: (count: number) =>
      `${count === 1 ? 'One change is' : `${count} changes are`} not saved. Leaving drops ${count === 1 ? 'it' : 'them'}.`,
    stay: 'Stay here',
    go: 'Leave and drop them',
  },
  stale: {
    by: (who: string, when: string) => `${who} changed this ${when}, after you opened it. What you typed is kept.`,
    somebody: 'Somebody else changed this after you opened it. What you typed is kept.',
    see: 'See theirs',
    put: 'Put mine over theirs',
    take: 'Take theirs, drop mine',
    title: 'What they changed',
    what: 'What',
    was: 'When you opened it',
    theirs: 'Theirs',
    mine: 'Yours',
    none: 'Nothing',
    nothing: 'Theirs is the same as what you opened.',
  },
  unsaved: (count: number) => `${count} unsaved ${count === 1 ? 'change' : 'changes'}`,
  discard: 'Discard',
};
