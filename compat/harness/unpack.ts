// Unpacks Chromium into the system's temporary folder, before two programs at once do it into each other.
import chromium from '@sparticuz/chromium';

await chromium.executablePath();
