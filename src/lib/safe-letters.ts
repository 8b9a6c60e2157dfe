/** Letters and digits of Kubernetes' generated names, chosen so that they spell no words (apimachinery/pkg/util/rand). */
export const safeLetters = 'bcdfghjklmnpqrstvwxz2456789';

/** A text in safe letters, each the image of one character (SafeEncodeString). */
export function safeText(text: string): string {
  return [...text].map((character) => safeLetters[character.codePointAt(0)! % safeLetters.length]).join('');
}
