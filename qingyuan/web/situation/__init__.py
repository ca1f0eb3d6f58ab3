"""The situation page: the paragraph of results, months, towns, rates, drugs and routes, and the circular made of them."""
