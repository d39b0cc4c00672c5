import random

import numpy as np
import pytest

from nlp_acuerdos.catalogues import data_file
from nlp_acuerdos.config import make_anchor
from nlp_acuerdos.dedup import Umbrales, audit, candidates, group, profile, profiles, relate
from nlp_acuerdos.ingest import read as ingest
from nlp_acuerdos.records import Acuerdo, Diferencia, Etiquetas, Origen, Relacion

ANCLA = make_anchor("2023-2024")


def acuerdo(id_, texto, estatus="En proceso", entidad="Sonora"):
    return Acuerdo(id_, "doc", 1, entidad, texto, estatus, estatus or "", Origen("doc"))


def relation(uno, otro, estatus_a="En proceso", estatus_b="En proceso"):
    found = relate(profile(acuerdo("a", uno, estatus_a), ANCLA), profile(acuerdo("b", otro, estatus_b), ANCLA))
    return found.relacion if found else "ninguna"


PARES = {
    "exacto": [
        ("La Guardia Nacional custodiará las boletas.", "LA GUARDIA NACIONAL CUSTODIARÁ LAS BOLETAS"),
        ("Se remitirá el listado de casillas.", "se remitira  el listado de casillas"),
        ("Reunión de trabajo: 9 de mayo.", "Reunión de trabajo 9 de mayo"),
        ("Se instalará un C5 «permanente».", 'Se instalará un C5 "permanente"'),
        ("Remitir planos distritales, locales y federales.", "Remitir planos distritales locales y federales"),
        ("El niño será atendido por la SSP.", "El nin\u0303o será atendido por la SSP"),
        ("Dar seguimiento; informar a la Mesa.", "Dar seguimiento, informar a la Mesa."),
        ("Apoyo vial en las rutas", "Apoyo\u00a0vial en\nlas rutas."),
    ],
    "contenido": [
        (
            "Se dará seguimiento a los acuerdos.",
            "Se dará seguimiento a los acuerdos. La próxima sesión se celebrará en las oficinas de la Junta Local.",
        ),
        (
            "La Guardia Nacional custodiará el traslado de las boletas electorales a las bodegas",
            "Se acordó que la Guardia Nacional custodiará el traslado de las boletas electorales a las bodegas, con apoyo de patrullas de la policía estatal en las carreteras.",
        ),
        (
            "Remitir el directorio de enlaces.",
            "Convocar a la Mesa de Seguridad a una reunión urgente. Remitir el directorio de enlaces.",
        ),
        (
            "El OPL compartirá las rutas de distribución de los paquetes electorales con la SSP",
            "El OPL compartirá las rutas de distribución de los paquetes electorales con la SSP, a más tardar el 20 de mayo.",
        ),
        (
            "Se instalarán filtros de revisión en los accesos a los consejos distritales durante los cómputos",
            "Se instalarán filtros de revisión en los accesos a los consejos distritales durante los cómputos y se restringirá la circulación vehicular en el perímetro.",
        ),
        (
            "Mantener comunicación permanente.",
            "Mantener comunicación permanente. Se creará un grupo de WhatsApp con los enlaces de cada corporación.",
        ),
        (
            "La FISEL impartirá una capacitación sobre delitos electorales a las y los policías municipales",
            "La FISEL impartirá una capacitación sobre delitos electorales a las y los policías municipales, y entregará material impreso de consulta.",
        ),
        (
            "Patrullaje en las rutas de los mecanismos de recolección durante la Jornada Electoral",
            "Patrullaje en las rutas de los mecanismos de recolección durante la Jornada Electoral, así como vigilancia en los centros de recepción.",
        ),
        (
            "Se dará acompañamiento a las rutas de entrega de boletas en el distrito 03.",
            "Derivado de la reunión previa, se dará acompañamiento a las rutas de entrega de boletas en el distrito 03, conforme al calendario.",
        ),
        (
            "Custodia de la documentación electoral de los distritos 01 y 02 por la GN",
            "Custodia de la documentación electoral de los distritos 01 y 02 por la GN y patrullaje en la zona centro por la policía municipal.",
        ),
        (
            "Se enviará el directorio.",
            "El OPL presentó sus necesidades. Se enviará el directorio. La Mesa dará seguimiento.",
        ),
        (
            "Se informó que la GN dará acompañamiento a los CAE en zonas de riesgo.",
            "La GN dará acompañamiento a las y los CAE en las zonas de riesgo.",
        ),
    ],
    "plantilla": [
        ("Próxima reunión de la Mesa el 3 de mayo de 2024.", "Próxima reunión de la Mesa el 10 de mayo de 2024."),
        ("La GN custodiará las boletas del distrito 04.", "La GN custodiará las boletas del distrito 07."),
        (
            "Se instalará una Base de Operación Mixta en el municipio de Aramberri.",
            "Se instalará una Base de Operación Mixta en el municipio de Galeana.",
        ),
        ("Presencia de 200 elementos de la Guardia Nacional.", "Presencia de 150 elementos de la Guardia Nacional."),
        (
            "Simulacro en la bodega el 19 de mayo a las 10:00 horas.",
            "Simulacro en la bodega el 26 de mayo a las 12:00 horas.",
        ),
        ("Patrullajes en Reynosa durante la jornada.", "Patrullajes en Matamoros durante la jornada."),
        (
            "El INE compartirá las rutas de los distritos 01 y 02.",
            "El INE compartirá las rutas de los distritos 03, 04 y 05.",
        ),
        ("Primera sesión de la Mesa de Seguridad.", "Segunda sesión de la Mesa de Seguridad."),
        (
            "Recorrido por la sección 1234 para verificar casillas.",
            "Recorrido por la sección 0988 para verificar casillas.",
        ),
        (
            "Se reforzará la vigilancia en la colonia Centro de Acapulco.",
            "Se reforzará la vigilancia en la colonia Progreso de Acapulco.",
        ),
        ("Patrullajes en el estado de Sonora durante la veda.", "Patrullajes en el estado de Sinaloa durante la veda."),
        ("Instalar 3 módulos de atención en la bodega.", "Instalar cinco módulos de atención en la bodega."),
        ("La 04 Junta Distrital Ejecutiva remitirá sus rutas.", "La 07 Junta Distrital Ejecutiva remitirá sus rutas."),
        ("El ayuntamiento de Charapan brindará apoyo vial.", "El ayuntamiento de Cherán brindará apoyo vial."),
        (
            "Tercera reunión de la Mesa el lunes 6 de mayo a las 9:00 horas.",
            "Cuarta reunión de la Mesa el lunes 13 de mayo a las 9:00 horas.",
        ),
        (
            "Custodia del CRyT itinerante en la comunidad de San Juan Chamula.",
            "Custodia del CRyT itinerante en la comunidad de Oxchuc.",
        ),
        ("El 03 Consejo Distrital recibirá 120 paquetes.", "El 05 Consejo Distrital recibirá 98 paquetes."),
        ("Se adelantará la entrega en Tlaxiaco.", "Se adelantará la entrega en Juchitán de Zaragoza."),
        ("Informe de avance con corte al 15/04/2024.", "Informe de avance con corte al 30/04/2024."),
        (
            "Recorrido en las bodegas de los municipios de Celaya y Salamanca.",
            "Recorrido en las bodegas de los municipios de León e Irapuato.",
        ),
        ("Se sesionará cada 8 horas.", "Se sesionará cada 12 horas."),
        (
            "La GN escoltará el convoy que saldrá a las 7:00 horas.",
            "La GN escoltará el convoy que saldrá a las 22:30 horas.",
        ),
        ("Se atenderán los distritos 02, 05 y 07 el 3 de junio.", "Se atenderán los distritos 01 y 03 el 4 de junio."),
        (
            "REUNION DE TRABAJO EN EL MUNICIPIO DE TAXCO EL 5 DE MAYO",
            "REUNION DE TRABAJO EN EL MUNICIPIO DE IGUALA EL 6 DE MAYO",
        ),
        ("Entrega de 45 radios a los CAE.", "Entrega de 60 radios a los CAE."),
        ("Mesa de trabajo en la calle Hidalgo número 15.", "Mesa de trabajo en la calle Juárez número 200."),
        ("La Fiscalía de Jalisco impartirá un taller.", "La Fiscalía de Nayarit impartirá un taller."),
        ("Patrullajes en Celaya, Salamanca y León por la GN.", "Patrullajes en Irapuato, Silao y Uriangato por la GN."),
        ("Difundir los números de emergencia en Tlapa.", "Difundir los números de emergencia en Chilapa."),
    ],
    "casi": [
        (
            "La JLE solicitará a la GN la custodia de las boletas.",
            "La Junta Local Ejecutiva pedirá a la Guardia Nacional la custodia de las boletas.",
        ),
        (
            "El IECM pide a la SSC patrullajes en las bodegas.",
            "El Instituto Electoral de la Ciudad de México solicita a la Secretaría de Seguridad Ciudadana patrullajes en las bodegas.",
        ),
        (
            "Se remitirá a la SEDENA el calendario de entrega de paquetes.",
            "Se enviará a la Secretaría de la Defensa Nacional el calendario de entrega de los paquetes.",
        ),
        (
            "Se acordó realizar una reunión con el OPL el 9 de mayo de 2024.",
            "Realizar reunión con el Organismo Público Local el 09/05/2024.",
        ),
        (
            "La policía estatal acompañará el traslado de la documentación electoral.",
            "El traslado de la documentación electoral será acompañado por la policía estatal.",
        ),
        (
            "El Vocal Ejecutivo revisó las solicitudes de protección para candidaturas.",
            "El Vocal Ejecutivo revisó el tema de las solicitudes de protección para las candidatas y candidatos.",
        ),
        (
            "La FISEL capacitará a servidores públicos en delitos electorales.",
            "La FISEL impartirá capacitación a las y los servidores públicos en materia de delitos electorales.",
        ),
        (
            "La SEMAR vigilará las sedes de los consejos distritales el día de la Jornada Electoral.",
            "El día de la Jornada Electoral, la Secretaría de Marina vigilará las sedes de los consejos distritales.",
        ),
        (
            "La Guardia Nacional resguardará la bodega del distrito 05, según lo conversado en la sesión previa con los mandos, el 9 de mayo.",
            "La Guardia Nacional resguardará la bodega del distrito 05 el 9 de mayo.",
        ),
        (
            "Compartir con la Mesa de Seguridad el listado de ubicacion de casilas especiales.",
            "Compartir con la Mesa de Seguridad la lista de ubicación de casillas especiales.",
        ),
        ("La GN y la SEDENA custodiarán las boletas.", "La SEDENA y la Guardia Nacional custodiarán las boletas."),
        (
            "Se compartirá con la GN la ruta de los mecanismos de recolección a más tardar el 20 de mayo.",
            "A más tardar el 20 de mayo se proporcionará a la Guardia Nacional la ruta de los mecanismos de recolección.",
        ),
        (
            "EL OPLE ENVIARA EL LISTADO DE CASILLAS A LA MESA DE SEGURIDAD",
            "El OPLE remitirá la lista de casillas a la Mesa de Seguridad.",
        ),
        (
            "Se convocará a reunión a los vocales ejecutivos el próximo 12 de abril a las 10:00 horas.",
            "El 12 de abril a las 10:00 horas se convocará a los Vocales Ejecutivos a una reunión.",
        ),
        (
            "Dar seguimiento a los incidentes reportados por los CAE durante la jornada electoral.",
            "Se dará seguimiento a las incidencias reportadas por las y los CAE durante la Jornada Electoral.",
        ),
        (
            "La Marina custodiará la documentación electoral en la isla.",
            "La SEMAR custodiará la documentación electoral en la isla.",
        ),
        (
            "Se acordó que el IETAM informe a la Mesa sobre los debates.",
            "El Instituto Electoral de Tamaulipas informará a la Mesa sobre los debates.",
        ),
        (
            "El Instituto Estatal Electoral de Hidalgo compartirá con la GN el programa de debates.",
            "El IEEH proporcionará a la Guardia Nacional el programa de los debates.",
        ),
        (
            "Se nombrará un enlace por parte de la SEDENA para la atención de contingencias.",
            "La SEDENA designará un enlace para atender contingencias.",
        ),
        (
            "Se vigilarán las sedes distritales durante los cómputos del 5 al 8 de junio.",
            "Del 5 al 8 de junio se vigilarán las sedes distritales durante los cómputos.",
        ),
        (
            "El Vocal Secretario informará semanalmente sobre los bloqueos carreteros.",
            "Semanalmente, el Vocal Secretario dará informe de los bloqueos carreteros.",
        ),
        (
            "La SSPC integrará un analisis de riesgo de las secciones con violencia.",
            "La SSPC elaborará el análisis de riesgos de las secciones con violencia.",
        ),
        (
            "La C5 monitoreará los vehiculos que trasladan paquetes.",
            "El C5 monitoreará los vehículos que transportan los paquetes.",
        ),
        (
            "La Secretaría de Marina apoyará con dos lanchas el traslado de la documentación electoral a las islas.",
            "La SEMAR brindará apoyo con dos lanchas para el traslado de la documentación electoral a las islas.",
        ),
        (
            "El INE remitirá a la Mesa de Seguridad el calendario de entrega de paquetes electorales.",
            "El INE hará llegar a la Mesa de Seguridad el calendario de entrega de paquetes electorales.",
        ),
        (
            "Se crea un grupo de WhatsApp para atender incidentes el día de la Jornada Electoral.",
            "Se creó un grupo de WhatsApp para la atención de incidentes durante la Jornada Electoral.",
        ),
        (
            "La Fiscalía General del Estado designará agentes del Ministerio Público para la jornada electoral.",
            "La FGE designará agentes del Ministerio Público para la Jornada Electoral.",
        ),
        (
            "La Junta Local Ejecutiva entregará el directorio de vocales.",
            "La JLE hará entrega del directorio de vocales.",
        ),
        (
            "Se llevarán a cabo rondines en las bodegas electorales de forma permanente.",
            "Se realizarán rondines permanentes en las bodegas electorales.",
        ),
        (
            "La Policía Estatal y la Guardia Nacional instalarán filtros en las sedes de los cómputos.",
            "Se instalarán filtros en las sedes de los cómputos por la Guardia Nacional y la Policía Estatal.",
        ),
        (
            "Actualizar el listado de casillas y remitirlo a la SSP a más tardar el 25 de mayo.",
            "Actualizar la lista de casillas y enviarla a la SSP a más tardar el 25 de mayo.",
        ),
        (
            "El OPLE Veracruz remitirá las rutas de entrega a la SSP.",
            "El Organismo Público Local Electoral de Veracruz remitirá las rutas de entrega a la SSP.",
        ),
        (
            "Se solicita apoyo vial para el debate del 12 de mayo.",
            "Se pide apoyo vial para el debate del día 12 de mayo.",
        ),
        ("Elementos de la Guardia Nacional custodiarán la bodega.", "La Guardia Nacional custodiará la bodega."),
        (
            "Se celebrará reunión de trabajo con el OPL para revisar las rutas.",
            "Se celebrará reunión con el OPL para revisar las rutas.",
        ),
        (
            "El INE presentará información actualizada de casillas a la Mesa.",
            "El INE presentará la información de casillas a la Mesa.",
        ),
    ],
    "ninguna": [
        ("La GN custodiará las boletas en la bodega.", "La GN no custodiará las boletas en la bodega."),
        (
            "Se brindará seguridad a las bodegas electorales de todos los distritos del estado.",
            "No se brindará seguridad a las bodegas electorales de todos los distritos del estado.",
        ),
        ("La GN custodiará las boletas en la bodega.", "La SEDENA custodiará las boletas en la bodega."),
        ("La GN custodiará las boletas en la bodega.", "La GN custodiará los paquetes en la bodega."),
        (
            "Capacitación en delitos electorales a policías municipales.",
            "Capacitación en delitos electorales a observadores electorales.",
        ),
        ("Se instalarán los retenes en la carretera.", "Se retirarán los retenes en la carretera."),
        ("La JLE solicitará a la GN el acompañamiento.", "La GN solicitará a la JLE el acompañamiento."),
        ("Remitir el listado de casillas.", "Remitir el listado de casillas especiales."),
        (
            "Reunión con la Mesa de Seguridad el 9 de mayo para revisar rutas.",
            "Reunión con la Mesa de Seguridad para revisar rutas.",
        ),
        (
            "La policía estatal vigilará los cómputos distritales.",
            "La policía municipal vigilará los cómputos distritales.",
        ),
        ("El IEEM compartirá las rutas de entrega.", "El IECM compartirá las rutas de entrega."),
        ("La GN custodiará las boletas.", "La GN y la SEDENA custodiarán las boletas."),
        (
            "Se entregará el material a las presidencias de casilla con custodia de la GN.",
            "Se entregará el material a los consejos distritales con custodia de la GN.",
        ),
        ("Se brindará protección a las candidatas.", "Se brindará protección a las y los periodistas."),
        (
            "El INE enviará las rutas sin los domicilios de los funcionarios.",
            "El INE enviará las rutas con los domicilios de los funcionarios.",
        ),
        ("Custodia de boletas por la GN.", "Custodia de boletas y actas por la GN."),
        ("Seguimiento.", "Seguimiento a la Agenda Temática."),
        ("La GN informará a la SSP.", "La SSP informará a la GN."),
        ("Apoyo para el traslado de boletas el 9 de mayo.", "Apoyo para el traslado de paquetes el 10 de mayo."),
        ("Se aprobó el plan de seguridad para el debate.", "Se rechazó el plan de seguridad para el debate."),
        ("Se acordó abrir la carretera durante la jornada.", "Se acordó cerrar la carretera durante la jornada."),
        ("Remitir archivo con los mecanismos de recolección.", "Remitir archivo con áreas reseccionadas."),
        (
            "La Marina custodiará la documentación electoral en la isla.",
            "La GN custodiará la documentación electoral en la isla.",
        ),
        (
            "Se entregarán radios a los CAE de la zona serrana.",
            "Se entregarán radios a los candidatos de la zona serrana.",
        ),
        (
            "La Mesa sesionará de manera permanente durante la Jornada Electoral.",
            "La Mesa no sesionará de manera permanente durante la Jornada Electoral.",
        ),
        ("Se garantizará el paso de los vehículos del INE.", "Se impedirá el paso de los vehículos del INE."),
        (
            "Remitir las rutas de entrega de paquetes electorales a la SSP.",
            "Remitir las rutas de entrega de paquetes electorales a la FGR.",
        ),
        (
            "Elaborar un protocolo de atención a candidatas víctimas de violencia.",
            "Elaborar un protocolo de atención a funcionarias víctimas de violencia.",
        ),
        ("La SSP vigilará los centros de recepción y traslado.", "La SSP vigilará las casillas especiales."),
        ("La Fiscalía del Estado designará un enlace.", "La Fiscalía General de la República designará un enlace."),
        ("El PAN solicitará protección para su candidata.", "El PRI solicitará protección para su candidata."),
        ("La 48 Zona Militar resguardará la bodega.", "La 20 Zona Militar resguardará la bodega."),
        (
            "Capacitación a las policías municipales por la FISEL.",
            "Capacitación a las policías municipales por el INE.",
        ),
        (
            "La Junta Local remitirá el calendario de simulacros a la Mesa.",
            "El Consejo Local remitirá el calendario de simulacros a la Mesa.",
        ),
        (
            "Custodia del traslado de paquetes electorales en los distritos 01 y 04, con apoyo del Ejército.",
            "Custodia del traslado de paquetes electorales en los distritos 01 y 04, con apoyo de la Marina.",
        ),
        (
            "La GN acompañará la entrega de las boletas en la bodega del distrito 01 el 9 de mayo.",
            "La GN acompañará la entrega de los paquetes en la bodega del distrito 01 el 9 de mayo.",
        ),
        (
            "La GN acompañará la entrega de las boletas a la bodega del distrito 01 el 9 de mayo a las 10:00 horas, conforme al calendario.",
            "Conforme a lo señalado por los mandos en la sesión anterior, la GN acompañará la entrega de las actas a la bodega del distrito 01 el 9 de mayo a las 10:00 horas.",
        ),
        ("Se designarán enlaces de la SEDENA en cada distrito.", "Se designarán enlaces de la SEMAR en cada distrito."),
        ("Enviar a la FISEL las denuncias recibidas.", "Enviar a la FISEL las actas recibidas."),
        (
            "El Ejército acompañará a los CAE en zonas serranas.",
            "El Ejército acompañará a los candidatos en zonas serranas.",
        ),
        ("La reunión se llevará a cabo de manera virtual.", "La reunión se llevará a cabo de manera presencial."),
        (
            "La Mesa autorizó el uso de drones en los recorridos.",
            "La Mesa no autorizó el uso de drones en los recorridos.",
        ),
        ("Se reportaron incidentes en las casillas.", "Se reportaron cero incidentes en las casillas."),
        ("Los cómputos del INE contarán con vigilancia.", "Los cómputos del OPL contarán con vigilancia."),
        ("Se suspende el patrullaje nocturno en las bodegas.", "Se refuerza el patrullaje nocturno en las bodegas."),
        ("La GN y la SSP custodiarán los paquetes.", "La GN y la SEMAR custodiarán los paquetes."),
        ("Se hará el traslado de boletas sin escolta.", "Se hará el traslado de boletas con escolta."),
        (
            "Se entregarán botones de pánico a las presidencias de casilla.",
            "Se entregarán botones de pánico a las candidatas.",
        ),
        (
            "Se fortalecerá la seguridad del personal que integra las brigadas.",
            "Se fortalecerá la seguridad de la ciudadanía que integra las brigadas.",
        ),
        ("La GN custodiará las bodegas durante los cómputos.", "La GN custodiará las bodegas durante los simulacros."),
        (
            "Se brindará protección a la candidata a la gubernatura.",
            "Se brindará protección a la candidata a la alcaldía.",
        ),
        ("Se acordó reforzar la seguridad en las bodegas.", "Se acordó reforzar la seguridad en las sedes."),
        ("Instalación de cámaras en las bodegas.", "Mantenimiento de cámaras en las bodegas."),
        (
            "La Mesa de Seguridad acordó difundir el número de emergencias.",
            "La Mesa de Seguridad acordó difundir el número de denuncias.",
        ),
        ("Remitir a la SEDENA el listado de casillas.", "Solicitar a la SEDENA el listado de casillas."),
        ("La GN aún no confirma el acompañamiento a los CAE.", "La GN confirma el acompañamiento a los CAE."),
        ("Los partidos políticos podrán acceder a la bodega.", "Los partidos políticos no podrán acceder a la bodega."),
        ("Se pospone la reunión con el OPL.", "Se confirma la reunión con el OPL."),
        ("Custodia de los paquetes a cargo de la SSP.", "Custodia de los paquetes a cargo de la GN."),
        (
            "La Junta Distrital informará a la Junta Local los incidentes.",
            "La Junta Local informará a la Junta Distrital los incidentes.",
        ),
        ("Capacitación a funcionarios de casilla.", "Capacitación a supervisores electorales."),
        ("Compartir las rutas con la GN.", "Compartir las rutas con la GN el 9 de mayo."),
        (
            "La policía municipal de Celaya vigilará la bodega con apoyo del Ejército.",
            "La policía municipal de Celaya vigilará la bodega sin apoyo del Ejército.",
        ),
        (
            "Atender las solicitudes de protección de las candidaturas federales.",
            "Atender las solicitudes de protección de las candidaturas locales.",
        ),
        ("Se permitirá el ingreso de medios de comunicación.", "Se negará el ingreso de medios de comunicación."),
        ("Entregar las listas nominales a las juntas distritales.", "Entregar los radios a las juntas distritales."),
        (
            "La SSP enviará el directorio de mandos a los vocales.",
            "La SSP enviará el directorio de mandos a los candidatos.",
        ),
        (
            "Seguridad antes de la Jornada Electoral en casillas.",
            "Seguridad después de la Jornada Electoral en casillas.",
        ),
        ("La GN recibirá capacitación de la FISEL.", "La FISEL recibirá capacitación de la GN."),
        ("El IEPC Jalisco compartirá las rutas.", "El IEPC Chiapas compartirá las rutas."),
        (
            "Se acordó con Protección Civil la revisión de las bodegas.",
            "Se acordó con la Cruz Roja la revisión de las bodegas.",
        ),
        ("Vigilancia en los simulacros del INE.", "Vigilancia en los simulacros del OPL."),
        (
            "La GN acompañará el traslado de material electoral desde la bodega central.",
            "La GN acompañará el traslado de personal electoral desde la bodega central.",
        ),
        (
            "La FISEL brindará capacitación en delitos electorales.",
            "La FISEL brindará capacitación en delitos electorales a policías.",
        ),
        (
            "El OPL remitirá las rutas de los paquetes a la SSP.",
            "El OPL remitirá las rutas de los paquetes de gubernatura a la SSP.",
        ),
    ],
}
CASOS = [(name, uno, otro) for name, pares in PARES.items() for uno, otro in pares]


@pytest.mark.parametrize(("name", "uno", "otro"), CASOS, ids=[f"{n}-{u[:40]}" for n, u, _ in CASOS])
def test_relation_of_composed_pairs(name, uno, otro):
    assert relation(uno, otro) == name
    assert relation(otro, uno) == name


@pytest.mark.parametrize(("name", "uno", "otro"), CASOS, ids=[f"{n}-{u[:40]}" for n, u, _ in CASOS])
def test_related_pairs_are_candidates(name, uno, otro):
    found = profiles([acuerdo("a", uno), acuerdo("b", otro)], [ANCLA, ANCLA])
    assert name == "ninguna" or candidates(found) == {("a", "b")}


@pytest.mark.parametrize(
    ("antes", "ahora", "name"),
    [("En proceso", "Concluido", "cambio_estatus"), (None, "Concluido", "cambio_estatus"), (None, None, "exacto")],
)
def test_status_alone_separates_exacto_from_cambio_estatus(antes, ahora, name):
    assert relation("Remitir planos distritales.", "REMITIR PLANOS DISTRITALES", antes, ahora) == name


def test_status_changes_no_other_relation():
    uno, otro = PARES["casi"][0]
    assert relation(uno, otro, "En proceso", "Concluido") == "casi"


@pytest.mark.parametrize(
    ("uno", "otro", "esperada"),
    [
        (
            "Reunión de delegados el 2 de mayo.",
            "Reunión de delegados el 9 de mayo.",
            Diferencia("fecha", "2024-05-02", "2024-05-09"),
        ),
        (
            "Presencia de 200 elementos de la GN.",
            "Presencia de 90 elementos de la GN.",
            Diferencia("numero", "200", "90"),
        ),
        ("Rutas del distrito 01 y bodegas.", "Rutas del distrito 02 y bodegas.", Diferencia("distrito", "01", "02")),
        (
            "Patrullajes en Reynosa por la GN.",
            "Patrullajes en Matamoros por la GN.",
            Diferencia("lugar", "reynosa", "matamoros"),
        ),
    ],
    ids=["fecha", "numero", "distrito", "lugar"],
)
def test_differences_are_typed(uno, otro, esperada):
    found = relate(profile(acuerdo("a", uno), ANCLA), profile(acuerdo("b", otro), ANCLA))
    assert found.relacion == "plantilla" and found.diferencias == (esperada,)


def test_contenido_says_which_side_is_inside():
    uno, otro = PARES["contenido"][0]
    found = relate(profile(acuerdo("b", uno), ANCLA), profile(acuerdo("a", otro), ANCLA))
    assert (found.a, found.b, found.diferencias[0]) == ("a", "b", Diferencia("contenido", "", "dentro"))
    assert 0 < found.similitud < 1


@pytest.fixture(scope="module")
def anexo():
    return ingest(data_file("anexo1_sexto_informe.txt")).acuerdos


@pytest.fixture(scope="module")
def por_fila(anexo):
    rows = {a.id: n for n, a in enumerate(anexo, 1)}
    found = {}
    for r in audit(anexo, ANCLA).relaciones:
        found.setdefault(r.relacion, set()).add(tuple(sorted((rows[r.a], rows[r.b]))))
    return found


def pairs(rows):
    return {(a, b) for a in rows for b in rows if a < b}


ULTIMAS = range(103, 108)
ANEXO = {
    "exacto": {(47, 48), (99, 100)} | pairs(ULTIMAS),
    "cambio_estatus": {(79, 80)} | {(a, b) for a in (99, 100) for b in ULTIMAS},
    "contenido": {(96, 97), (99, 101), (100, 101)} | {(101, b) for b in ULTIMAS},
    "plantilla": pairs(range(74, 78)),
    "casi": {(47, 51), (48, 51), (101, 102)},
}


@pytest.mark.parametrize("name", ANEXO)
def test_relations_of_the_annex(por_fila, name):
    assert por_fila[name] == ANEXO[name]


def test_nothing_else_in_the_annex(por_fila):
    assert set(por_fila) == set(ANEXO)


def test_candidates_of_the_annex_miss_no_relation(anexo):
    found = profiles(anexo, [ANCLA] * len(anexo))
    proposed = candidates(found)
    related = {(x.id, y.id) for x in found for y in found if x.id < y.id and relate(x, y)}
    assert related <= proposed and len(proposed) < 150


def test_series_of_oaxaca(anexo):
    rows = {a.id: n for n, a in enumerate(anexo, 1)}
    serie = next(g for g in audit(anexo, ANCLA).grupos if g.tipo == "serie")
    assert [rows[m.id] for m in serie.miembros] == [74, 75, 76, 77] and rows[serie.representante] == 74
    assert serie.ranura == "fecha" and serie.valores == ("2024-05-02", "2024-05-09", "2024-05-16", "2024-05-23")


def test_every_member_is_related_to_the_representative(anexo):
    found = audit(anexo, ANCLA)
    related = {(r.a, r.b): r for r in found.relaciones}
    for g in found.grupos:
        for m in g.miembros[1:]:
            assert related[tuple(sorted((m.id, g.representante)))].relacion == m.relacion
        assert g.par_mas_debil in related


def test_order_of_the_input_changes_nothing(anexo):
    shuffled = list(anexo)
    random.Random(3).shuffle(shuffled)
    assert audit(shuffled, ANCLA) == audit(anexo, ANCLA)


def test_tags_give_what_the_anchor_gives(anexo):
    from nlp_acuerdos.finders import actores, fechas

    tags = {a.id: Etiquetas.from_evidence(actores.find(a.acuerdo), fechas.find(a.acuerdo, ANCLA)) for a in anexo}
    assert audit(anexo, tags) == audit(anexo, {a.id: ANCLA for a in anexo}) == audit(anexo, ANCLA)


def test_groups_do_not_chain():
    related = [Relacion("a", "b", "casi", 0.9), Relacion("b", "c", "casi", 0.8), Relacion("c", "d", "casi", 0.7)]
    found = group(related)
    members = [{m.id for m in g.miembros} for g in found]
    assert sorted(map(sorted, members)) == [["a", "b", "c"]]
    assert found[0].representante == "b" and found[0].par_mas_debil == ("b", "c")
    assert group(related[::-1]) == found


@pytest.mark.parametrize("clave", [("a", "b"), ("b", "a")])
def test_decisions_stand_over_what_is_found(clave):
    both = [acuerdo("a", "Remitir planos."), acuerdo("b", "Remitir planos.")]
    assert audit(both, ANCLA, decisiones={clave: "ninguna"}).relaciones == ()
    (found,) = audit(both, ANCLA, decisiones={clave: "plantilla"}).relaciones
    assert (found.relacion, found.decidida) == ("plantilla", True)


def test_a_decision_relates_what_was_not():
    both = [acuerdo("a", "Remitir planos."), acuerdo("b", "Instalar el C5 en la sede.")]
    (found,) = audit(both, ANCLA, decisiones={("b", "a"): "casi", ("a", "zz"): "casi"}).relaciones
    assert (found.a, found.b, found.relacion, found.decidida) == ("a", "b", "casi", True)


def test_within_keeps_one_entity():
    rows = [
        acuerdo("a", "Remitir planos."),
        acuerdo("b", "Remitir planos.", entidad="SONORA"),
        acuerdo("c", "Remitir planos.", entidad="Colima"),
    ]
    found = audit(rows, ANCLA)
    assert len(found.relaciones) == 3
    assert [(r.a, r.b) for r in found.within(rows).relaciones] == [("a", "b")]
    assert {m.id for g in found.within(rows).grupos for m in g.miembros} == {"a", "b"}


def test_vectors_only_propose():
    rows = [acuerdo("a", "Remitir planos."), acuerdo("b", "Instalar el C5."), acuerdo("c", "Convocar a la prensa.")]
    vectors = np.eye(3, 8, dtype=np.float32)
    vectors[1] = vectors[0]
    assert candidates(profiles(rows, [ANCLA] * 3), vectors) == {("a", "b")}
    assert audit(rows, ANCLA, vectors).relaciones == ()


def test_a_large_block_is_a_star():
    rows = [acuerdo(f"{n:04d}", f"Reunión de delegados con {n + 2} personas en la sede.") for n in range(120)]
    found = audit(rows, ANCLA, umbrales=Umbrales(bloque=20))
    assert len(found.relaciones) < 120 * 20
    (serie,) = found.grupos
    assert serie.tipo == "serie" and len(serie.miembros) == 120


@pytest.mark.parametrize("texto", ["—", "no", "\x00", "🗳️", "de la", "12"])
def test_any_text_is_compared(texto):
    rows = [acuerdo("a", texto), acuerdo("b", texto), acuerdo("c", "Remitir planos distritales.")]
    assert [(r.a, r.b) for r in audit(rows, ANCLA).relaciones] == [("a", "b")]


def test_nothing_gives_nothing():
    assert audit([], ANCLA).relaciones == audit([], ANCLA).grupos == ()


def test_work_shared_by_processes_gives_the_same_audit(monkeypatch):
    from nlp_acuerdos.dedup import reparto

    rows = [
        acuerdo(f"{i:03d}", f"Custodia de la bodega del distrito {i % 9:02d} el {i % 28 + 1} de mayo.")
        for i in range(60)
    ]
    alone = audit(rows, make_anchor())
    monkeypatch.setattr(reparto, "LARGO", 10)
    assert audit(rows, make_anchor()) == alone and alone.relaciones


def test_an_error_in_another_process_reaches_this_one(monkeypatch):
    from nlp_acuerdos.dedup import reparto

    monkeypatch.setattr(reparto, "LARGO", 2)
    with pytest.raises(ZeroDivisionError):
        reparto.spread(lambda part: [1 // n for n in part], [1, 2, 0, 4])
