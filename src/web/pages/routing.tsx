import { RoutingPage } from '../features/routing/routing-page.tsx';

export default RoutingPage;
