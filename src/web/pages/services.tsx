import { ServicesPage } from '../features/services/services-page.tsx';

export default ServicesPage;
