// The platform's other origin in the site: a name that nobody has, which only the service worker answers.
export const OTHER_ORIGIN = 'https://platform.example';
