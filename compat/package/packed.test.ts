// One process, so that the package is built and packed once.
import './consumers.js';
import './published.js';
