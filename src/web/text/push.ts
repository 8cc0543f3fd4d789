/** Words of the notifications of this browser, shown while no page is open. */
export const push = {
  unreadable: { title: 'Allclear', body: 'Something happened. Open Allclear to see what.' },
  done: {
    acknowledge: 'Acknowledged',
    escalate: 'The next person is paged',
    resolve: 'Resolved',
  } as Record<string, string>,
  notDone: {
    acknowledge: 'NOT acknowledged',
    escalate: 'NOT escalated',
    resolve: 'NOT resolved',
  } as Record<string, string>,
  unanswered: 'Allclear did not answer. Press again, or tap to open the page.',
  expired: 'The link of this page has expired. Tap to open it.',
};
