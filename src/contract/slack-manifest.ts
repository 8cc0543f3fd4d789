/**
 * The manifest of the Slack app that speaks for this installation, as YAML (https://docs.slack.dev/reference/app-manifest): no more
 * scopes than it uses. `address`: where Slack reaches us, without a trailing slash; none: it does
 * not, and we connect to it (Socket Mode).
 */
export const slackManifest = (address: string | undefined): string => `display_information:
  name: Allclear
  description: Pages whoever is on call, and takes the answer
features:
  app_home:
    home_tab_enabled: false
    messages_tab_enabled: true
    messages_tab_read_only_enabled: true
  bot_user:
    display_name: Allclear
    always_online: true
  slash_commands:
    - command: /allclear
${address === undefined ? '' : `      url: ${address}/in/slack/command\n`}      description: Who is on call, page, acknowledge, ask for cover
      usage_hint: who | page <service> <what is wrong> | ack [INC-…] | cover <schedule> for 2h | help
      should_escape: false
oauth_config:
  scopes:
    bot:
      - chat:write
      - commands
      - im:write
      - usergroups:read
      - usergroups:write
      - users:read
      - users:read.email
settings:
  interactivity:
    is_enabled: true
${address === undefined ? '' : `    request_url: ${address}/in/slack/interactive\n`}  org_deploy_enabled: false
  socket_mode_enabled: ${address === undefined}
  token_rotation_enabled: false
`;
