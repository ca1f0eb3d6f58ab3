"""Web: the pages people open every morning.

Owns: the base page, the shared components, navigation, the choice of range and period, sign-in; one slice of pages
per room (``urls views forms presenters``), which never import each other. Hands out: pages and fragments. Never does:
decide who may see something (organisation.scope does), count something (indicators does), or write on a GET.
"""
