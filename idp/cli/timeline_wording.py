"""Audit events in plain French, for whoever answers the phone: one sentence each, no secret.

What stands in braces is filled in from the event: its details, `reason`, `alarm` as the sentence
that administrators got, and `until` as a moment.
"""

from collections.abc import Mapping

from idp.accounts.account import AccountState
from idp.accounts.directory import LEFT_DIRECTORY
from idp.accounts.email_undo import FREEZE_REASON
from idp.audit_events import Event

SENTENCES: Mapping[str, str] = {
    Event.LOGIN_SUCCEEDED: "Connexion réussie.",
    Event.LOGIN_FAILED: "Échec de connexion : mot de passe erroné, ou compte non activé "
    "(échec n° {number}).",
    Event.ACCOUNT_BLOCKED: "Accès bloqué jusqu’au {until}, après trop d’échecs {reason}.",
    Event.ALARM_RAISED: "Alerte aux administrateurs. {alarm}",
    Event.PROOF_FAILED: "{reason} : les 5 derniers caractères de l’IBAN sont erronés, ou aucun "
    "RIB n’est enregistré (échec n° {number}).",
    Event.PROOF_SUCCEEDED: "{reason} : FINESS et IBAN reconnus (étape 1).",
    Event.REGISTRATION_REQUESTED: "{reason} : formulaire envoyé, lien d’activation expédié.",
    Event.REGISTRATION_RESENT: "{reason} : nouveau lien d’activation expédié, le précédent ne vaut "
    "plus.",
    Event.ACCOUNT_CREATED: "Compte activé par le lien du message.",
    Event.ACCOUNT_UPDATED: "Compte mis à jour : nouvelle adresse et nouveau mot de passe, activés "
    "par le lien du message.",
    Event.RESET_REQUESTED: "Mot de passe oublié : lien et code expédiés.",
    Event.RESET_CODE_FAILED: "Mot de passe oublié : code de vérification erroné.",
    Event.PASSWORD_RESET: "Mot de passe réinitialisé ; toutes les sessions sont fermées.",
    Event.PASSWORD_CHANGED: "Mot de passe changé depuis « Mon compte ».",
    Event.EMAIL_CHANGE_REQUESTED: "Changement d’adresse demandé : lien expédié à la nouvelle.",
    Event.EMAIL_CHANGED: "Nouvelle adresse confirmée.",
    Event.EMAIL_CHANGE_UNDONE: "Changement d’adresse annulé depuis l’ancienne adresse : le compte "
    "est suspendu.",
    Event.SESSION_ENDED: "Déconnexion.",
    Event.SESSIONS_ENDED: "Déconnexion de tous les appareils.",
    Event.CONSENT_WITHDRAWN: "Accès retiré au site {client}.",
    Event.DATA_EXPORTED: "Téléchargement de ses données.",
    Event.ACCOUNT_UNLOCKED: "Blocage de la connexion levé.",
    Event.PRACTITIONER_UNLOCKED: "Blocage de la vérification par IBAN levé.",
    Event.ACCOUNT_DISABLED: "Compte suspendu : {reason}.",
    Event.ACCOUNT_ENABLED: "Compte rouvert.",
    Event.ACCOUNT_RECLAIMED: "Compte fermé ; le numéro peut s’inscrire de nouveau.",
    Event.EMAIL_SET: "Adresse mail remplacée par un administrateur.",
    Event.ACCOUNT_SIGNED_OUT: "Sessions fermées par un administrateur.",
    Event.ACCOUNT_IMPORTED: "Compte repris de l’ancien site.",
    Event.PRACTITIONER_ADDED: "Ajouté à l’annuaire.",
    Event.PRACTITIONER_CHANGED: "Fiche de l’annuaire modifiée ({changed}).",
    Event.PRACTITIONER_CLOSED: "Retiré de l’annuaire.",
}

RESET_WITHOUT_MATCH = (
    "Mot de passe oublié : aucun message expédié, car l’adresse saisie n’est pas celle d’un compte "
    "activé."
)
UNKNOWN_ALARM = "Motif inconnu."
UNKNOWN_EVENT = "Autre événement : {name}."

REASONS: Mapping[str, str] = {
    "registration": "Inscription",
    "update": "Mise à jour du compte",
    "device": "depuis un appareil connu",
    "strangers": "depuis des appareils inconnus",
    FREEZE_REASON: "un changement d’adresse a été annulé",
    LEFT_DIRECTORY: "absent de la dernière liste de l’assureur",
}

STATES: Mapping[AccountState, str] = {
    AccountState.ACTIVE: "Le compte est activé.",
    AccountState.WITHOUT_EMAIL: "Le compte n’a pas d’adresse mail : « Mettre à jour mon compte ».",
    AccountState.DISABLED: "Le compte est suspendu ({reason}).",
}
NO_ACCOUNT = "Aucun compte : ni inscription terminée, ni reprise de l’ancien site."
UNKNOWN_PRACTITIONER = "Ce numéro n’est pas dans l’annuaire."
CLOSED_PRACTITIONER = "Ce numéro est sorti de l’annuaire."
WITHOUT_IBAN = "Aucun RIB n’est enregistré."
LOGIN_BLOCKED = "La connexion est bloquée jusqu’au {until}."
PROOFS_BLOCKED = "La vérification par IBAN est bloquée jusqu’au {until}."
OPEN_SESSIONS = "Sessions ouvertes : {count}."
EMPTY = "Aucun événement dans la période conservée."
