"""Mon compte: what a signed-in practitioner sees, changes and ends of their own, one module a page.

Without a session each leads to Connexion, which leads back.
"""
