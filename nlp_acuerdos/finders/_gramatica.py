"""Closed classes of Spanish words the grammar leans on, folded."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PREPOSITIONS = _words(
    "a al ante bajo con contra de del desde durante en entre hacia hasta mediante para por segun sin sobre tras"
)
DETERMINERS = _words(
    """el la los las lo un una unos unas su sus este esta estos estas ese esa dicho dicha dichos dichas ambos ambas cada
    todo toda todos todas otro otra otros otras propio propia propios propias mismo misma mismos mismas citado citada
    referido referida cual diversos diversas varios varias algunos algunas tanto cuatro dos tres cinco diez cien
    cincuenta veinte treinta cuarenta doscientos trescientos as os es diferentes distintas distintos respectivos
    respectivas correspondientes dieciseis doce quince ocho siete seis nueve mas menos aproximadamente"""
)
STOPS = frozenset(".;:")
CLITICS = _words("se le les lo la los las no nos ya tambien ademas asimismo")
RELATIVES = _words("que cual cuales donde cuyo cuya cuyos cuyas quien quienes cuando como si")
SUBORDINATORS = _words("si cuando donde porque pues segun conforme aunque cuyo cuya cuyos cuyas salvo")
PURPOSE = _words(
    """para fin efecto objeto objetivo proposito finalidad caso siempre ya debido dado puesto modo manera forma medida
    lo hasta desde vez sin antes despues luego tal intencion"""
)
AUXILIARIES = _words(
    """ser sera seran seria serian fue fueron sea sean sido es son siendo estar estara estaran estaria estarian esta
    estan este esten quedar quedara quedaran quedaria quedo quedaron"""
)
