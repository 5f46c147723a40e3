import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Page } from './Page.js';
import { start } from './view.js';
import '../style/base.css';
import '../style/page.css';
import '../style/compose.css';
import '../style/requests.css';
import '../style/track.css';
import '../style/outbox.css';

start();
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
