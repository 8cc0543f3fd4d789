export { PolicyList as default } from '../features/escalation/policy-list.tsx';
