/** Questions about users and rights. Every request is authorised here, so every question about a right is answered yes. */
import type { KubeObject } from '../../schema/objects.ts';
import { badRequest, invalid } from '../errors.ts';
import type { FieldError } from '../field-error.ts';
import { serviceAccountUser } from '../service-account-user.ts';
import type { Services, User } from '../services.ts';
import { formatTime } from '../../schema/values/time.ts';
import { validateAccessReview, validateLocalAccessReview, validateSelfAccessReview } from '../validation/access-review.ts';
import { defaultAudience } from './token.ts';

type Review = KubeObject & { spec?: Record<string, unknown> };
type Answer = (services: Services, review: Review, user: User) => void;

/** Fills in the status of a review of the given resource, in place. Throws ApiError. */
export const reviews: Readonly<Record<string, Answer>> = {
  selfsubjectreviews: (services, review, user) => {
    review.metadata.creationTimestamp = formatTime(services.clock.now());
    review['status'] = { userInfo: userInfo(user) };
  },
  selfsubjectaccessreviews: answerAccess(validateSelfAccessReview),
  subjectaccessreviews: answerAccess(validateAccessReview),
  localsubjectaccessreviews: answerAccess(validateLocalAccessReview),
  selfsubjectrulesreviews: (_services, review) => {
    if (!review.spec?.['namespace']) throw badRequest('no namespace on request');
    review.spec = {};
    review['status'] = {
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }], incomplete: false,
    };
  },
  tokenreviews: answerToken,
};

function userInfo({ name, uid, groups, extra }: User): Record<string, unknown> {
  return { username: name, ...(uid === undefined ? {} : { uid }), groups, ...(extra ? { extra } : {}) };
}

function answerAccess<T>(validate: (review: T, errors: FieldError[]) => void): Answer {
  return (_services, review) => {
    const errors: FieldError[] = [];
    validate(review as T, errors);
    // Upstream's error leaves the kind out.
    if (errors.length > 0) throw invalid({ group: 'authorization.k8s.io', kind: '' }, '', errors);
    review['status'] = { allowed: true };
  };
}

function answerToken(services: Services, review: Review): void {
  const token = review.spec?.['token'];
  if (!token) throw badRequest('token is required for TokenReview in authentication');
  const user = serviceAccountUser(typeof token === 'string' ? services.tokens.verify(token, services.clock.now()) : undefined);
  review['status'] = user
    ? { authenticated: true, user: userInfo(user), audiences: [defaultAudience] } : { user: {}, error: 'invalid bearer token' };
}
