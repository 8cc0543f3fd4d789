/** How each channel is called, where a place has no shorter word of its own. */
export const CHANNEL_NAMES: Record<string, string> = {
  email: 'Mail',
  sms: 'SMS',
  voice: 'Call',
  ntfy: 'Push (ntfy)',
  slack: 'Slack',
  webhook: 'Webhook',
  webpush: 'Web push',
  pushover: 'Pushover',
  telegram: 'Telegram',
  teams: 'Microsoft Teams',
  discord: 'Discord',
  mattermost: 'Mattermost',
  matrix: 'Matrix',
};
